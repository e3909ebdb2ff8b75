"""The queue under test, looked up by name at an endpoint of our own."""
import os

import boto3


def open_queue(name):
    client = boto3.client("sqs", endpoint_url=os.environ["AWS_ENDPOINT_URL_SQS"])
    return client, client.get_queue_url(QueueName=name)["QueueUrl"]
