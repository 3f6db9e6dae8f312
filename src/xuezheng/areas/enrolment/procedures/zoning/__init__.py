"""Plans of school zones (学区划片方案): inputs, computation, reasons, documents and steps."""
