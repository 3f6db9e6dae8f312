"""The base without any knowledge of education: data folder, keys, files, encryption, periods, numbers as text. Imports no other package of xuezheng."""
