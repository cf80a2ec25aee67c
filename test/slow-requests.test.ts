import { connect } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { expect, onTestFinished, test } from 'vitest';
import { close, createHttpServer, listen } from '../src/http/http-server.ts';
import { portOf } from '../src/broker/listeners.ts';

/** Longer than a request may take here and the server takes to look. */
const SLOW_ANSWER_MS = 2_500;

test('whoever does not come out with a request is cut off; whoever waits for an answer is not', async () => {
  const server = createHttpServer((request, response) => {
    request.resume();
    if (request.method === 'GET') void delay(SLOW_ANSWER_MS).then(() => response.end('at last'));
  }, undefined);
  // As it is, in far less time.
  expect(server.headersTimeout).toBeLessThan(30_000);
  expect(server.requestTimeout).toBeLessThan(120_000);
  server.headersTimeout = 100;
  server.requestTimeout = 200;
  await listen(server, '127.0.0.1', 0);
  onTestFinished(() => close(server, 0));

  const answerTo = async (sent: string): Promise<string> => {
    const socket = connect(portOf(server), '127.0.0.1');
    socket.write(sent);
    let answer = '';
    for await (const chunk of socket) answer += String(chunk);
    return answer;
  };
  const head = 'POST / HTTP/1.1\r\nHost: x\r\n';
  const answers = await Promise.all([
    answerTo(''),
    answerTo(head),
    answerTo(`${head}Content-Length: 10\r\n\r\n{`),
    answerTo(`${head}Transfer-Encoding: chunked\r\n\r\n1\r\n{\r\n`),
    answerTo('GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n'),
  ]);
  for (const late of answers.slice(0, 4)) {
    expect(late).toMatch(/^HTTP\/1\.1 408 Request Timeout\r\n/);
    expect(late).toContain('application/problem+json');
    expect(late).toContain('"status":408');
  }
  expect(answers[4]).toMatch(/^HTTP\/1\.1 200 [^]*at last/);
});
