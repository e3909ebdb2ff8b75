"""The queue under test, looked up by name at an endpoint of our own."""
import os

import boto3


def open_queue(name):
    client = boto3.client("sqs", endpoint_url=os.environ["SQS_ENDPOINT"])
    return client, client.get_queue_url(QueueName=name)["QueueUrl"]
