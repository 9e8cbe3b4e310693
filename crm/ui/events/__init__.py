"""Events: the list by months, one event with its funnel and its people, and the dialogs that change them."""
