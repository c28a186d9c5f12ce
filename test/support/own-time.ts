/**
 * Milliseconds that this thread has worked. A platform's stand-in in the service's own process measures with it how long it
 * was kept waiting: on a machine that has no time for either, a clock on the wall would blame the service.
 */
export function ownTime(): number {
  const { user, system } = process.threadCpuUsage();
  return (user + system) / 1_000;
}
