"""Signs requests with botocore. Reads one request a line as JSON, and writes its headers of the signature."""

import datetime
import json
import sys

import botocore.auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials

for line in sys.stdin:
    given = json.loads(line)
    at = datetime.datetime.fromtimestamp(given["at"], datetime.timezone.utc)
    botocore.auth.get_current_datetime = lambda at=at: at
    keys = given["keys"]
    credentials = Credentials(keys["accessKeyId"], keys["secretAccessKey"], keys.get("sessionToken"))
    request = AWSRequest(
        method="POST",
        url=f"https://{given['headers']['host']}{given['path']}",
        headers=given["headers"],
        data=given["body"].encode(),
    )
    botocore.auth.SigV4Auth(credentials, given["service"], given["region"]).add_auth(request)
    names = ["Authorization", "X-Amz-Date", "X-Amz-Security-Token"]
    print(json.dumps({name.lower(): request.headers[name] for name in names if name in request.headers}))
