"""Invented identities look invented, have the right shape and do not run out."""

import re

from crawlers.sandbox import dice
from crawlers.sandbox.people import accounts, identities


def test_company_codes_have_right_check_characters_and_an_impossible_region():
    rng = dice.dice("uscc")
    for _ in range(300):
        code = identities.uscc(rng)
        assert re.fullmatch("[0-9A-HJ-NPQRTUWXY]{18}", code)
        total = sum(
            "0123456789ABCDEFGHJKLMNPQRTUWXY".index(one) * pow(3, place, 31)
            for place, one in enumerate(code[:17])
        )
        assert identities.USCC_ALPHABET.index(code[17]) == -total % 31
        assert code[2:4] == "99"


def test_check_character_of_a_published_code():
    # The example of GB 32100-2015, appendix.
    assert identities.check_character("91350100M000100Y4") == "3"


def test_organisation_check_of_a_published_code():
    # The example of GB 11714-1997.
    assert identities.organisation_check("D2143569") == "X"


def test_wechat_ids_are_valid_and_of_many_shapes():
    rng = dice.dice("wechat")
    found = [identities.wechat(rng) for _ in range(500)]
    assert all(
        re.fullmatch(r"[a-z][a-z0-9_-]{5,19}", value) and "demo" in value
        for value in found
    )
    assert (
        len({re.sub("[a-z]+", "a", re.sub("[0-9]+", "0", value)) for value in found})
        >= 6
    )
    assert len({len(value) for value in found}) >= 8


def test_phones_stay_in_invented_blocks_and_differ():
    registrar = accounts.Registrar(dice.dice(1))
    found = [registrar.contact("phone").value for _ in range(5000)]
    assert len(set(found)) == 5000
    assert all(re.fullmatch("19[92]0000[0-9]{4}", value) for value in found)


def test_small_markets_of_a_stream_share_no_numbers():
    one, other = (
        {
            accounts.Registrar(dice.dice(cell), cell=cell).contact("phone").value
            for _ in range(50)
        }
        for cell in (1, 2)
    )
    assert not one & other


def test_hosts_are_registrable_names_under_example():
    rng = dice.dice("hosts")
    assert all(
        re.fullmatch(r"[a-z][a-z0-9-]*\.example", identities.host(rng))
        for _ in range(200)
    )


def test_companies_begin_with_the_word_for_example():
    rng = dice.dice("companies")
    assert all(
        identities.company(rng, identities.brand(rng)).startswith("示例")
        for _ in range(100)
    )


def test_names_do_not_run_out():
    registrar = accounts.Registrar(dice.dice(1))
    found = [registrar.fresh("brand") for _ in range(20_000)]
    assert len(set(found)) == len(found)
