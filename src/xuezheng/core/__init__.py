"""The base without any knowledge of education: data folder, keys, files, encryption, periods, numbers.

It imports no other package of xuezheng.
"""
