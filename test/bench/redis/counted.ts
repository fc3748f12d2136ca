import type { Table } from '../harness/text.ts'
import type { Fixture } from './fixture.ts'
import { operationsOf } from './operations.ts'
import { trafficOf } from './traffic.ts'

/** What each operation puts on the wire, as the server counts it. */
export async function countedTable(fixture: Fixture): Promise<Table> {
  const rows: (string | number)[][] = []
  for (const { name, prepare, work } of Object.values(await operationsOf(fixture))) {
    await prepare?.()
    const { commands, inScripts, reads, bytesIn, bytesOut } = await trafficOf(fixture.client, work)
    rows.push([name, listed(commands), listed(inScripts), reads, bytesIn, bytesOut])
  }
  return {
    name: 'Redis: on the wire, counted at the server',
    columns: ['operation', 'commands', 'inside scripts', 'reads', 'bytes in', 'bytes out'],
    rows,
  }
}

function listed(counts: Readonly<Record<string, number>>): string {
  const calls = Object.entries(counts).map(([name, count]) => (count === 1 ? name : `${count} ${name}`))
  return calls.length > 0 ? calls.join(', ') : '–'
}
