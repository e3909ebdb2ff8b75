"""Large bodies by Amazon's own extended client library: large.py send|handle QUEUE BUCKET [COUNT] [--legacy]

`send` sends each line of standard input, a JSON text, as the body of one message. `handle` receives and deletes COUNT messages and prints
a line of JSON for each.
"""
import json
import os
import sys

import boto3
import sqs_extended_client  # noqa: F401, makes it the session of boto3


def open_queue(name, bucket, legacy):
    client = boto3.client("sqs", endpoint_url=os.environ["AWS_ENDPOINT_URL_SQS"])
    client.large_payload_support = bucket
    client.use_legacy_attribute = legacy
    client.delete_payload_from_s3 = True
    # The library takes what follows the last hyphen. Handles of SQS have none; those of the embedded server are UUIDs.
    client.get_original_receipt_handle = lambda handle: handle.split("-..s3Key..-")[-1]
    return client, client.get_queue_url(QueueName=name)["QueueUrl"]


flags = [argument for argument in sys.argv[1:] if argument.startswith("--")]
verb, queue, bucket, *count = [argument for argument in sys.argv[1:] if argument not in flags]
sqs, url = open_queue(queue, bucket, "--legacy" in flags)
if verb == "send":
    for line in sys.stdin:
        attributes = {"sender": {"DataType": "String", "StringValue": "python"}}
        sqs.send_message(QueueUrl=url, MessageBody=json.loads(line), MessageAttributes=attributes)
else:
    handled = 0
    while handled < int(count[0]):
        answer = sqs.receive_message(QueueUrl=url, WaitTimeSeconds=1, MaxNumberOfMessages=10, MessageAttributeNames=["All"])
        for message in answer.get("Messages", []):
            attributes = {name: value["StringValue"] for name, value in message.get("MessageAttributes", {}).items()}
            sqs.delete_message(QueueUrl=url, ReceiptHandle=message["ReceiptHandle"])
            handled += 1
            print(json.dumps({"body": message["Body"], "attributes": attributes}), flush=True)
