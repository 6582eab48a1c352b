/**
 * @generated SignedSource<<6b24dbef166a8de562cd3c6fdead7c36>>
 * @lightSyntaxTransform
 */

/* tslint:disable */
/* eslint-disable */
// @ts-nocheck

import type { ReaderFragment } from 'relay-runtime';
export type PaymentLinkStatus = "CLOSED" | "EXPIRED" | "OPEN" | "UNKNOWN" | "%future added value";
import type { FragmentRefs } from "relay-runtime";
export type paymentLinkList_link$data = {
  readonly accountId: string;
  readonly currency: string;
  readonly id: string;
  readonly maxUsage: number;
  readonly status: PaymentLinkStatus;
  readonly title: string | null;
  readonly totalAmount: string;
  readonly version: string;
  readonly " $fragmentType": "paymentLinkList_link";
};
export type paymentLinkList_link$key = {
  readonly " $data"?: paymentLinkList_link$data;
  readonly " $fragmentSpreads": FragmentRefs<"paymentLinkList_link">;
};

const node: ReaderFragment = {
  "argumentDefinitions": [],
  "kind": "Fragment",
  "metadata": null,
  "name": "paymentLinkList_link",
  "selections": [
    {
      "alias": null,
      "args": null,
      "kind": "ScalarField",
      "name": "id",
      "storageKey": null
    },
    {
      "alias": null,
      "args": null,
      "kind": "ScalarField",
      "name": "accountId",
      "storageKey": null
    },
    {
      "alias": null,
      "args": null,
      "kind": "ScalarField",
      "name": "title",
      "storageKey": null
    },
    {
      "alias": null,
      "args": null,
      "kind": "ScalarField",
      "name": "status",
      "storageKey": null
    },
    {
      "alias": null,
      "args": null,
      "kind": "ScalarField",
      "name": "totalAmount",
      "storageKey": null
    },
    {
      "alias": null,
      "args": null,
      "kind": "ScalarField",
      "name": "currency",
      "storageKey": null
    },
    {
      "alias": null,
      "args": null,
      "kind": "ScalarField",
      "name": "maxUsage",
      "storageKey": null
    },
    {
      "alias": null,
      "args": null,
      "kind": "ScalarField",
      "name": "version",
      "storageKey": null
    }
  ],
  "type": "PaymentLink",
  "abstractKey": null
};

(node as any).hash = "c6f8523137e8b509427271cbb077400c";

export default node;
