/** A request, or one entry of a batch, that SQS refuses. The code is the one of the Query API, as SDKs report it. */
export class Refusal extends Error {
  constructor(
    readonly code: string,
    message: string,
  ) {
    super(message);
  }
}

/** A parameter with a value that SQS does not take, in its words; like SQS it repeats the value. */
export function badValue(parameter: string, value: unknown, reason: string): Refusal {
  return new Refusal(
    'InvalidParameterValue',
    `Value ${String(value)} for parameter ${parameter} is invalid. Reason: ${reason}.`,
  );
}

/** A parameter that has to be there. */
export function missing(parameter: string): Refusal {
  return new Refusal('MissingParameter', `The request must contain the parameter ${parameter}.`);
}

/** The refusal of any action on a queue that is not there. */
export function noSuchQueue(): Refusal {
  return new Refusal('QueueDoesNotExist', 'The specified queue does not exist.');
}
