"""A Modbus TCP slave that is not ours: pymodbus's server. Prints what is written, one JSON line for each request."""
import json
import logging
import sys

from pymodbus.datastore import ModbusSequentialDataBlock, ModbusServerContext, ModbusSlaveContext
from pymodbus.server import StartTcpServer

logging.disable(logging.CRITICAL)


class Told(ModbusSequentialDataBlock):
    def __init__(self, table, values):
        self.table = table
        super().__init__(0, values)

    def setValues(self, address, values):
        super().setValues(address, values)
        print(json.dumps({"table": self.table, "address": address, "values": [int(value) for value in values]}), flush=True)


slave = ModbusSlaveContext(
    zero_mode=True,
    co=Told("coil", [0] * 100),
    di=ModbusSequentialDataBlock(0, [0] * 100),
    hr=Told("holding", [0] * 100),
    ir=ModbusSequentialDataBlock(0, [0] * 100),
)
print("ready", flush=True)
StartTcpServer(context=ModbusServerContext(slaves=slave, single=True), address=("127.0.0.1", int(sys.argv[1])))
