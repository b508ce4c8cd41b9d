"""IR → IR: what lowering leaves implicit becomes explicit (failures, counts), what is provable disappears."""
