"""The yearly statistical tables (教育事业统计): computed from the registers, checked by rules, compared with a school's own table."""
