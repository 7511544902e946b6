// Names for what crosses the wire; the shapes themselves are generated from the server's own description.
import type { components } from './schema'

type Schemas = components['schemas']

export type ActAnswer = Schemas['ActAnswer']
type Said = Schemas['Message']
/** What a notification says, whichever way it comes; members with their default are left out. */
export type BellMessage = Partial<Said> & Pick<Said, 'delivery_id' | 'kind' | 'title' | 'body' | 'tag' | 'url' | 'urgency' | 'at'>
export type Board = Schemas['Board']
export type BoardRow = Schemas['BoardRow']
export type Broadcast = Schemas['BroadcastView']
export type CallList = Schemas['CallList']
export type Case = Schemas['CaseDocument']
export type CasePhoto = Schemas['ShownPhoto']
export type Catalogue = Schemas['CatalogueOut']
export type CaseClass = Schemas['ClassOut']
export type Changes = Schemas['Changes']
export type DeskAnswer = Schemas['DeskAnswer']
export type JournalLine = Schemas['ShownLine']
export type Me = Schemas['MeAnswer']
export type Nearby = Schemas['Nearby']
export type PairingAnswer = Schemas['PairingAnswer']
export type Person = Schemas['SignedInPerson']
export type Point = Schemas['Point']
export type Receipt = Schemas['Receipt']
export type PhotoFacts = Schemas['PhotoFacts']
export type ReviewDocument = Schemas['ReviewDocument']
export type ReviewLook = Schemas['Look']
export type SessionAnswer = Schemas['SessionAnswer']
export type Suggestion = Schemas['MySuggestion']
export type SuggestionKind = Suggestion['kind']
export type Unreached = Schemas['UnreachedAlert']
export type Outcome = Schemas['Closure']['outcome']

/** Chips: the server keeps codes it does not know, so these lists are the phone's own. */
export type OffSiteReason = 'coordinates_wrong' | 'handled_nearby' | 'weak_signal' | 'other'
export type NoPhotoReason = 'camera_broken' | 'not_taken_before' | 'not_allowed' | 'unsafe' | 'other'
export type NoPlaceReason = 'denied' | 'no_fix' | 'no_sensor'
export type Usage = 'before' | 'after' | 'near' | 'far' | 'scene' | 'check' | 'verify' | 'report' | 'voice'
