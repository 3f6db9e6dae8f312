"""What is worked out beside the registers: public draws for school places (公开派位), and the forecast of pupils and places (学位预测)."""
