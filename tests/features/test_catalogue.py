"""The catalogue is data that rules, reasons and the model refer to by name."""

from features import catalogue


def test_names_are_unique():
    assert len(set(catalogue.NAMES)) == len(catalogue.FEATURES)


def test_a_reason_code_lies_in_one_family():
    families = {(feature.reason, feature.family) for feature in catalogue.FEATURES}
    assert len({reason for reason, _ in families}) == len(families)


def test_every_feature_is_told_in_both_languages_with_what_a_null_says():
    for feature in catalogue.FEATURES:
        assert feature.family in catalogue.FAMILIES
        assert feature.null
        if feature.unit != "flag":
            assert "{value}" in feature.text_zh, feature.name
            assert "{value}" in feature.text_en, feature.name


def test_every_signal_of_the_contract_has_a_count_and_a_share():
    signals = [
        "fomo",
        "guaranteed_income",
        "passive_income",
        "zero_threshold",
        "ban_evasion",
        "urgency",
        "false_authority",
        "source_manufacturer",
        "recruitment_tiers",
        "no_refund",
        "contact_elsewhere",
        "refund_on_target",
        "liability_shift",
        "label_removal",
        "recovery_offer",
    ]
    assert list(catalogue.SIGNALS) == signals
    for signal in signals:
        assert {f"{signal}_post_count", f"{signal}_post_share"} <= set(catalogue.NAMES)


def test_values_are_shown_with_their_unit():
    shown = [
        catalogue.show_value(catalogue.BY_NAME[name], value)
        for name, value in (
            ("agency_fee_max_yuan", 66000.0),
            ("offer_post_share", 0.4),
            ("complaint_count", 3.0),
            ("neighbour_signal_kind_mean", 2.5),
            ("account_age_days", 31.2),
            ("posts_per_day", 1.234),
        )
    ]
    assert shown == ["¥66,000", "40%", "3", "2.5", "31 d", "1.23"]
