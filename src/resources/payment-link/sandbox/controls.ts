import { type ControlRequest, type ControlRoute, controlRoute } from '../../../sandbox/control.js'
import type { RawRow } from '../../../sandbox/planted-rows.js'
import type { LinkChanges, LinkRecord, LinkStore, NewLink } from './records.js'

/** What a test, or another client of the same API, does to the stored links. */
export interface LinkControls {
  /** Newest first. */
  linksOf(accountId: string): readonly LinkRecord[]
  /** @throws Error when the account is unknown, the id is taken or a link has no such key */
  insertLink(link: NewLink): LinkRecord
  patchLink(accountId: string, id: number, changes: LinkChanges): LinkRecord
  deleteLink(accountId: string, id: number): void
  pay(accountId: string, id: number): LinkRecord
  /** Plants an odd row; `null` takes it away again. */
  setLinkRaw(accountId: string, id: number, raw: RawRow | null): void
}

export function linkControls(store: LinkStore): LinkControls {
  return {
    linksOf: (accountId) => store.linksOf(accountId),
    insertLink: (link) => store.insert(link),
    patchLink: (accountId, id, changes) => store.patch(accountId, id, changes),
    deleteLink: (accountId, id) => store.delete(accountId, id),
    pay: (accountId, id) => store.pay(accountId, id),
    setLinkRaw: (accountId, id, raw) => store.plant(accountId, id, raw),
  }
}

export function linkControlRoutes(controls: LinkControls): readonly ControlRoute[] {
  const link = '/links/:accountId/:id'
  return [
    controlRoute('GET', '/links/:accountId', ({ param }) => controls.linksOf(param('accountId'))),
    controlRoute('POST', '/links', ({ body }) => controls.insertLink(body() as unknown as NewLink)),
    controlRoute('PATCH', link, (request) => controls.patchLink(...placeOf(request), request.body())),
    controlRoute('DELETE', link, (request) => controls.deleteLink(...placeOf(request))),
    controlRoute('POST', `${link}/pay`, (request) => controls.pay(...placeOf(request))),
    controlRoute('PUT', `${link}/raw`, (request) => controls.setLinkRaw(...placeOf(request), request.body())),
    controlRoute('DELETE', `${link}/raw`, (request) => controls.setLinkRaw(...placeOf(request), null)),
  ]
}

function placeOf({ param }: ControlRequest): [accountId: string, id: number] {
  return [param('accountId'), Number(param('id'))]
}
