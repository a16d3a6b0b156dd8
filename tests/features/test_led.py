"""Only lead-ins behind which a value may stand are followed."""

from features import finds, led, normalise


def test_a_lead_in_without_a_value_promises_nothing():
    assert led.promising("加微信聊聊,电话打不通", None) == []


def test_a_lead_in_before_another_leaves_the_value_to_it():
    (one,) = led.promising("客服:电话4000000000", None)
    assert one.kinds[-1] == "phone"


def test_a_handle_is_added_where_it_stands():
    text = normalise.normalise("微信szr_demo_01")
    found = finds.Finds(text, text.folded)
    led.add_led(found, led.promising(text.folded, None), frozenset())
    assert [one.value for one in found.contacts.values()] == ["szr_demo_01"]
