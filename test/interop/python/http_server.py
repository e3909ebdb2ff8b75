"""Serves BackupQueue over HTTP with Apache's THttpServer, at any free port: http_server.py

Prints the port, then the id of each backup.
"""
from backup import BackupQueue
from thrift.protocol.TBinaryProtocol import TBinaryProtocolFactory
from thrift.server.THttpServer import THttpServer


class Handler:
    def startBackup(self, request):
        print(request.id, flush=True)


server = THttpServer(BackupQueue.Processor(Handler()), ("127.0.0.1", 0), TBinaryProtocolFactory())
print(server.httpd.server_port, flush=True)
server.serve()
