"""The yearly statistical tables (教育事业统计).

They are computed from the registers, checked by rules, and compared with a school's own table.
"""
