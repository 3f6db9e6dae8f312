"""Procedures of enrolment: draws (公开派位), admission seasons, zone plans, and forecasts (学位预测)."""
