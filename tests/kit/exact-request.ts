import { request as httpRequest } from 'node:http';

/** What is sent; a POST unless another method is given. */
export interface ExactRequest {
  readonly method?: string;
  readonly headers?: Record<string, string>;
  readonly body?: string;
}

/** What came back. */
export interface ExactAnswer {
  readonly status: number;
  readonly headers: Record<string, unknown>;
  readonly text: string;
}

/** Sends exactly these headers: `fetch` leaves out a `Host` of one’s own. */
export function sendExactly(url: string, { method = 'POST', headers = {}, body }: ExactRequest): Promise<ExactAnswer> {
  return new Promise((resolve, reject) => {
    const request = httpRequest(url, { method, headers, agent: false }, (response) => {
      let text = '';
      response.setEncoding('utf8').on('data', (chunk: string) => (text += chunk));
      response.on('end', () => resolve({ status: response.statusCode ?? 0, headers: response.headers, text }));
    });
    request.on('error', reject);
    request.end(body);
  });
}
