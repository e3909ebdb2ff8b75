import { findService, loadSchemaFromText } from 'nestjs-sqs-thrift/idl';

const METHODS = `
    oneway void fail(1: i32 kind),
    oneway void failBehindInterceptor(1: i32 kind),
    oneway void failBehindFilter(),
    oneway void failAlways(),
    oneway void succeed(1: i32 kind),
    oneway void complete(),
    oneway void denied(),
    oneway void piped(1: string text),
    oneway void swallowed(),
    oneway void scoped(),
    oneway void refuse(),
    oneway void askForRetry(),
    oneway void both(),
    oneway void slow(1: i32 number),`;

export const Outcomes = findService(loadSchemaFromText(`service Outcomes {${METHODS}\n}`), 'Outcomes');

/** A later version of the contract. The worker does not know its last method. */
export const LaterOutcomes = findService(
  loadSchemaFromText(`service Outcomes {${METHODS}\n    oneway void added(),\n}`),
  'Outcomes',
);
