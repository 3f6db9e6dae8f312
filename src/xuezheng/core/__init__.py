"""What knows nothing of education: the data folder and its keys, files, encryption, periods, numbers as text. Imports nothing of ours."""
