"""School zones planned (学区划片方案): what a plan rests on, how it is computed and explained, drawn, written and decided."""
