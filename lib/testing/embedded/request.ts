/** Sends a request without the SDK. `what` names the failure in the error. */
export async function request(url: string, what: string, init: RequestInit): Promise<string> {
  const response = await fetch(url, init);
  const answer = await response.text();
  if (response.ok) return answer;
  throw new Error(`The embedded SQS ${what}: ${/<Message>([^<]*)/.exec(answer)?.[1] ?? response.status}`);
}
