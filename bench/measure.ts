// How the benchmarks count: so many clients taking turns at a pile of work, and the times each piece took.
import { performance } from 'node:perf_hooks'

export type Figure = {
  readonly perSecond: number
  readonly p50: number
  readonly p99: number
  /** Milliseconds of processor time a piece took in this process: what is left of the truth on a machine that others load. */
  readonly cpu: number
}

/** `clients` at once take pieces from the pile until it is empty; each is told which client it is. */
export async function measure<Piece>(
  clients: number,
  pile: readonly Piece[],
  work: (piece: Piece, client: number) => Promise<unknown>,
): Promise<Figure> {
  const times: number[] = []
  let next = 0
  const beganAt = performance.now()
  const before = process.cpuUsage()
  await Promise.all(
    Array.from({ length: clients }, async (_, client) => {
      while (next < pile.length) {
        const piece = pile[next++] as Piece
        const at = performance.now()
        await work(piece, client)
        times.push(performance.now() - at)
      }
    }),
  )
  const seconds = (performance.now() - beganAt) / 1000
  const { user, system } = process.cpuUsage(before)
  return {
    perSecond: pile.length / seconds,
    p50: quantile(times, 0.5),
    p99: quantile(times, 0.99),
    cpu: (user + system) / 1000 / pile.length,
  }
}

/** The value that `share` of all values do not exceed. */
export function quantile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b)
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0
}

export const median = (values: readonly number[]): number => quantile(values, 0.5)

/** Rows under headings, numbers to the right. */
export function table(headings: readonly string[], rows: readonly (readonly string[])[]): string {
  const widths = headings.map((heading, at) =>
    Math.max(heading.length, ...rows.map((row) => row[at]?.length ?? 0)),
  )
  const line = (cells: readonly string[]) =>
    cells
      .map((cell, at) => (at === 0 ? cell.padEnd(widths[at] ?? 0) : cell.padStart(widths[at] ?? 0)))
      .join('   ')
  return [line(headings), ...rows.map(line)].map((each) => `  ${each.trimEnd()}`).join('\n')
}
