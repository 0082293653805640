"""A web server that notes what is posted to it: a line each, {"path", "status", "key", "body"}.

hook.py STATUS…
    answers the first posts with these, one after the other, and all later ones with 204
"""

import http.server
import json
import sys

answers = [int(word) for word in sys.argv[1:]]


class Handler(http.server.BaseHTTPRequestHandler):
    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"])).decode()
        status = answers.pop(0) if answers else 204
        print(json.dumps({"path": self.path, "status": status, "key": self.headers["Idempotency-Key"], "body": body}),
              flush=True)
        self.send_response(status)
        self.send_header("Content-Length", "0")
        if status == 302:
            self.send_header("Location", "/elsewhere")
        self.end_headers()

    def log_message(self, *_):
        pass


server = http.server.HTTPServer(("127.0.0.1", 0), Handler)
print(json.dumps({"event": "ready", "port": server.server_port}), flush=True)
server.serve_forever()
