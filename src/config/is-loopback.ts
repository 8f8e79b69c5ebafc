const LOOPBACK: readonly string[] = ['127.0.0.1', '::1', 'localhost'];

/** Whether only programs of this machine can reach what listens there. */
export const isLoopback = (host: string): boolean => LOOPBACK.includes(host);
