/** Who asks for a command where that does not matter, and by which operation. */
export const ISSUED = {
  author: { kind: 'key', id: '1f4f8a52-7f0e-4d6c-9d55-4c1f7f3f0c11', name: 'somebody', address: '127.0.0.1', requestId: null },
  action: 'changeConfig',
} as const;
