"""Training of Broadsheet's learned parts from page sets with truth. Not part of the wheel; needs lightgbm."""
