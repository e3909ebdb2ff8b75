import { loadService } from 'nestjs-sqs-thrift';

export const UploadsService = loadService('idl/uploads.thrift', 'Uploads');

export interface Upload {
  readonly id: string;
  readonly fileName: string;
  readonly bytes: bigint;
}

export interface UploadsStub {
  uploaded(upload: Upload): Promise<string>;
}
