"""Public draws for school places (公开派位): a fixed list, a seed that nobody knows beforehand, an order that anyone can compute again."""
