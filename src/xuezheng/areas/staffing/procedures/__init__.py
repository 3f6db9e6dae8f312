"""The rotation of heads and teachers (交流轮岗): who is due, computing plans, their steps, and letters."""
