import { useState } from 'react';
import { useClient, type CombinedError } from 'urql';
import { describeFailure } from '../data/failure.ts';
import type { ResultOf } from '../graphql.ts';
import { ApproveDeviceMutation, DenyDeviceMutation, DeviceRequestQuery } from './documents.ts';

export type DeviceRequest = NonNullable<ResultOf<typeof DeviceRequestQuery>['deviceRequest']>;

/** Where the decision stands: no device yet, one that waits, or decided. */
export type DeviceState =
  | { step: 'code' }
  | { step: 'decide'; request: DeviceRequest }
  | { step: 'done'; approved: boolean; request: DeviceRequest };

const noDevice = 'No device waits under this code. Check it, or start again on the device.';
const noAnswer = 'The server did not answer.';

/** Finds the device that waits under a code, and tells it the decision. Nothing is asked before the person says so. */
export function useDevice() {
  const client = useClient();
  const [state, setState] = useState<DeviceState>({ step: 'code' });
  const [refusal, setRefusal] = useState<string | null>(null);
  const [busy, setBusy] = useState(false);

  async function attempt(work: () => Promise<string | null>): Promise<void> {
    setBusy(true);
    setRefusal(null);
    setRefusal(await work());
    setBusy(false);
  }

  function find(userCode: string): Promise<void> {
    return attempt(async () => {
      const { data, error } = await client.query(DeviceRequestQuery, { userCode }, { requestPolicy: 'network-only' });
      if (error) return sentenceOf(error);
      if (!data?.deviceRequest) return noDevice;
      setState({ step: 'decide', request: data.deviceRequest });
      return null;
    });
  }

  function decide(request: DeviceRequest, approved: boolean): Promise<void> {
    return attempt(async () => {
      const input = { userCode: request.userCode };
      const { result, error } = approved ? await approve(input) : await deny(input);
      if (error) return sentenceOf(error);
      if (!result) return noAnswer;
      if ('message' in result) return result.message;
      setState({ step: 'done', approved, request });
      return null;
    });
  }

  async function approve(input: { userCode: string }) {
    const { data, error } = await client.mutation(ApproveDeviceMutation, { input });
    return { result: data?.approveDevice, error };
  }

  async function deny(input: { userCode: string }) {
    const { data, error } = await client.mutation(DenyDeviceMutation, { input });
    return { result: data?.denyDevice, error };
  }

  return { state, refusal, busy, find, decide };
}

function sentenceOf(error: CombinedError): string {
  return describeFailure(error).message;
}
