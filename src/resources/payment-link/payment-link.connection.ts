import { type Connection, toConnection } from '../../graphql/connection/connection.js'
import type { ConnectionArgs } from '../../graphql/connection/connection.type.js'
import { decodeCursor } from '../../graphql/connection/cursor.js'
import { readSlice } from '../../graphql/connection/slice.js'
import { parseWindow } from '../../graphql/connection/window.js'
import type { RequestScope } from '../../graphql/scope.js'
import { paymentLinkLoaders } from './payment-link.loader.js'
import type { PaymentLink } from './payment-link.model.js'

/** The links of one account, a page at a time. @throws GatewayError BAD_USER_INPUT for arguments that do not go together */
export async function readLinkConnection(
  scope: RequestScope,
  accountId: string,
  args: ConnectionArgs,
): Promise<Connection<PaymentLink>> {
  const list = scope.get(paymentLinkLoaders).list(accountId)
  const slice = await readSlice(list, parseWindow(args), (name, cursor) => decodeCursor(name, accountId, cursor))
  return toConnection(accountId, slice)
}
