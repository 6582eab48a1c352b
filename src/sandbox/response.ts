import type { ServerResponse } from 'node:http'
import type { EngineBehaviour } from './behaviour.js'

export interface SandboxResponse {
  readonly status: number
  readonly contentType: string
  readonly text: string
}

/** Ends a request early with this response. */
export class SandboxRefusal extends Error {
  constructor(readonly response: SandboxResponse) {
    super(`Refused with ${response.status}`)
  }
}

/** `{status, success, data}` with 200; `dataText` is JSON already, `rest` are further top-level members. */
export function success(dataText: string, rest: Readonly<Record<string, unknown>> = {}): SandboxResponse {
  const tail = JSON.stringify(rest).slice(1, -1)
  return json(200, `{"status":200,"success":true,"data":${dataText}${tail === '' ? '' : `,${tail}`}}`)
}

/** The v1 failure envelope; `code` is left out when it is null. */
export function failure(status: number, message: string, code: number | string | null = status): SandboxResponse {
  const error = code === null ? { message } : { code, message }
  return json(status, JSON.stringify({ status, success: false, error }))
}

/** Returns the row. @throws SandboxRefusal 404 with the message when there is none */
export function found<Row>(row: Row | undefined, message: string): Row {
  if (row === undefined) throw new SandboxRefusal(failure(404, message))
  return row
}

/** The refusal of another merchant's account, in one of the three forms seen [lsp][spjs]. */
export function forbidden(form: EngineBehaviour['forbiddenAs']): SandboxResponse {
  if (form === 'sp403') return failure(403, 'This account is assigned to a specific credential.', 'SP403')
  if (form === 'noCode') return failure(403, 'Access denied to this account.', null)
  return spEnvelope(403, 'SP015', 'Forbidden')
}

/** 422 with the messages where and how the behaviour says. */
export function invalid(
  fields: Readonly<Record<string, readonly string[]>>,
  { validationAt, validationMessages }: Pick<EngineBehaviour, 'validationAt' | 'validationMessages'>,
): SandboxResponse {
  const firstMessages = Object.entries(fields).map(([field, messages]) => [field, messages[0]])
  const errors = validationMessages === 'list' ? fields : Object.fromEntries(firstMessages)
  return json(422, JSON.stringify(INVALID_BODIES[validationAt](errors)))
}

/** The v2 envelope. */
export function spEnvelope(status: number, code: string, message: string, data: unknown = null): SandboxResponse {
  return json(status, JSON.stringify({ response_code: code, response_message: message, data }))
}

export function json(status: number, text: string): SandboxResponse {
  return { status, contentType: 'application/json', text }
}

export function send(
  response: ServerResponse,
  { status, contentType, text }: SandboxResponse,
  headers: Readonly<Record<string, string>> = {},
): void {
  const bytes = Buffer.from(text)
  response.writeHead(status, { 'content-type': contentType, 'content-length': bytes.length, ...headers }).end(bytes)
}

const INVALID_BODIES: Readonly<Record<EngineBehaviour['validationAt'], (errors: object) => object>> = {
  'error.errors': (errors) => ({
    status: 422,
    success: false,
    error: { code: 422, message: 'Validation error', errors },
  }),
  'error.fields': (fields) => ({
    status: 422,
    success: false,
    error: { code: 'validation_failed', message: 'The given data was invalid.', fields },
  }),
  'data.errors': (errors) => ({ response_code: 'SP018', response_message: 'Validation error', data: { errors } }),
  errors: (errors) => ({ message: 'The given data was invalid.', errors }),
}
