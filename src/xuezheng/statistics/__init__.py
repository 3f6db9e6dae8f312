"""The yearly statistical tables (教育事业统计): computed from the registers, checked by their rules, compared with what a school typed."""
