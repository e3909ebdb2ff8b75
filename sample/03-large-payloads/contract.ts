import { loadService } from 'nestjs-sqs-thrift';

export const ScansService = loadService('idl/scans.thrift', 'Scans');

export interface Scan {
  readonly id: string;
  readonly image: Buffer;
}

export interface ScansStub {
  archive(scan: Scan): Promise<string>;
}
