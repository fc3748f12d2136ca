# Finds the texts in which Hyperscan finds an expression. Reads {"expression", "texts"} from stdin, and prints a list of booleans.
import ctypes
import json
import sys

hs = ctypes.CDLL("libhs.so.5")
asked = json.load(sys.stdin)
MODE_BLOCK = 1
MATCH = ctypes.CFUNCTYPE(
    ctypes.c_int, ctypes.c_uint, ctypes.c_ulonglong, ctypes.c_ulonglong, ctypes.c_uint, ctypes.c_void_p
)
database, error, scratch = ctypes.c_void_p(), ctypes.c_void_p(), ctypes.c_void_p()
if hs.hs_compile(asked["expression"].encode(), 0, MODE_BLOCK, None, ctypes.byref(database), ctypes.byref(error)) != 0:
    sys.exit("Hyperscan does not take the expression")
if hs.hs_alloc_scratch(database, ctypes.byref(scratch)) != 0:
    sys.exit("no scratch space")


def finds(text):
    found = []
    data = text.encode()
    noted = MATCH(lambda *match: found.append(match) or 1)
    hs.hs_scan(database, data, len(data), 0, scratch, noted, None)
    return len(found) > 0


print(json.dumps([finds(text) for text in asked["texts"]]))
