"""The pages of the registers: lists, records, changes of many records, exports."""
