from features.graph import fragility


def links(*rows):
    """Links from (two letters, values of ``kind:value:strength``); strength is 0.8 unless told."""
    found = []
    for pair, *values in rows:
        shared = {}
        for each in values:
            kind, value, *strength = each.split(":")
            shared[kind, value] = float(strength[0]) if strength else 0.8
        found.append(fragility.Link(pair[0], pair[1], shared))
    return found


def test_value_that_holds_all_comes_first_and_leaves_everybody_alone():
    found = fragility.without_values(
        links(
            ("ab", "wechat:szr_1"),
            ("bc", "wechat:szr_1", "phone:19900000001"),
            ("cd", "wechat:szr_1"),
        )
    )
    assert [(loss.what, loss.sellers, loss.parts) for loss in found] == [
        ("wechat:szr_1", 4, (2, 1, 1)),
        ("phone:19900000001", 2, (4,)),
    ]


def test_copy_holds_what_a_contact_held_too_but_a_name_does_not():
    text = links(("ab", "wechat:szr_1", "template:t"))
    name = links(("ab", "wechat:szr_1", "brand:x:0.3"))
    assert fragility.without_values(text)[0].parts == (2,)
    assert fragility.without_values(name)[0].what == "wechat:szr_1"
    assert fragility.without_values(name)[0].parts == (1, 1)


def test_one_of_two_weak_copies_is_not_enough():
    weak = links(("ab", "template:t:0.28", "image:i:0.28"))
    assert [loss.parts for loss in fragility.without_values(weak)] == [(1, 1)] * 2
    strong = links(("ab", "template:t:0.6", "image:i:0.6"))
    assert [loss.parts for loss in fragility.without_values(strong)] == [(2,)] * 2
    three = links(("ab", "template:t:0.28", "image:i:0.28", "brand:x:0.3"))
    assert [loss.parts for loss in fragility.without_values(three)] == [(2,)] * 3


def test_bridge_is_a_seller_whose_one_value_holds_two_parts_together():
    found = fragility.bridges(
        links(("ab", "qq:1"), ("bc", "qq:1"), ("cd", "qq:2"), ("de", "qq:2"))
    )
    assert {(loss.what, loss.parts) for loss in found} == {
        ("c shows qq:1", (3, 2)),
        ("c shows qq:2", (3, 2)),
    }


def test_chain_of_one_value_has_no_bridge():
    pairs = [
        (f"{src}{dst}", "qq:1") for src, dst in zip("abcdef", "bcdefg", strict=True)
    ]
    assert fragility.bridges(links(*pairs)) == []


def test_nothing_in_nothing_out():
    assert fragility.without_values([]) == []
    assert fragility.bridges([]) == []
