// Figures in words.

const MiB = 1024 * 1024;

export function formatBytes(bytes: number): string {
  return bytes < 1024 * MiB ? `${Math.round(bytes / MiB)} MiB` : `${(bytes / 1024 / MiB).toFixed(2)} GiB`;
}

export function formatSeconds(ms: number): string {
  const seconds = ms / 1000;
  if (seconds < 10) return `${seconds.toFixed(1)} s`;
  return seconds < 60 ? `${Math.round(seconds)} s` : `${Math.floor(seconds / 60)} min ${Math.round(seconds % 60)} s`;
}

export function formatCount(count: number): string {
  return count.toLocaleString("en");
}
