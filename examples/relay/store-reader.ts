import { ConnectionHandler, commitLocalUpdate, type Environment, type RecordProxy } from 'relay-runtime'

export interface StoredLink {
  readonly dataId: string
  readonly id: string
  readonly maxUsage: number
  readonly version: string
}

export interface StoredConnection {
  readonly links: readonly StoredLink[]
  readonly startCursor: string | null
  readonly endCursor: string | null
  readonly hasNextPage: boolean
  readonly hasPreviousPage: boolean
}

/** For the test: the connection that the store has built from the pages, as the component shows it. */
export function readConnection(environment: Environment, accountId: string): StoredConnection {
  let read: StoredConnection | undefined
  commitLocalUpdate(environment, (store) => {
    const connection = ConnectionHandler.getConnection(store.getRoot(), 'paymentLinkList_paymentLinks', { accountId })
    const pageInfo = connection?.getLinkedRecord<Omit<StoredConnection, 'links'>>('pageInfo')
    if (connection == null || pageInfo == null) return
    read = {
      links: connection.getLinkedRecords('edges')?.flatMap((edge) => readLink(edge.getLinkedRecord('node'))) ?? [],
      startCursor: pageInfo.getValue('startCursor'),
      endCursor: pageInfo.getValue('endCursor'),
      hasNextPage: pageInfo.getValue('hasNextPage'),
      hasPreviousPage: pageInfo.getValue('hasPreviousPage'),
    }
  })
  if (read === undefined) throw new Error('The store has no such list.')
  return read
}

function readLink(record: RecordProxy<StoredLink> | null): StoredLink[] {
  if (record === null) return []
  const values = {
    id: record.getValue('id'),
    maxUsage: record.getValue('maxUsage'),
    version: record.getValue('version'),
  }
  return [{ dataId: record.getDataID(), ...values }]
}
