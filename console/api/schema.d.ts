export interface paths {
    "/feeders": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List the feeders
         * @description Every feeder of the sites that the key is for, by `feederId`. For viewers, operators and admins.
         */
        get: operations["listFeeders"];
        put?: never;
        /**
         * Enrol a feeder
         * @description Answers with its agent's token, once. For admins.
         */
        post: operations["enrolFeeder"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/feeders/{feederId}": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description The id the feeder was enrolled with.
                 * @example pond-1
                 */
                feederId: string;
            };
            cookie?: never;
        };
        /**
         * Look at a feeder
         * @description Its presence, its PLC link, its config and latest readings, and what may be set. For viewers, operators and admins.
         */
        get: operations["getFeeder"];
        put?: never;
        post?: never;
        /**
         * Remove a feeder
         * @description Ends its session and its token. Its history stays, and so does its version counter, should the id come back. For admins.
         */
        delete: operations["removeFeeder"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/overview": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * See how all feeders are doing
         * @description Every feeder of the sites that the key is for, by `feederId`. What it was fed today, on the calendar of its time zone, and what its schedule asked for; its last meal and dose; how long its hopper lasts; when it was online; and its open alarms. For viewers, operators and admins.
         */
        get: operations["listOverviews"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/feeders/{feederId}/overview": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description The id the feeder was enrolled with.
                 * @example pond-1
                 */
                feederId: string;
            };
            cookie?: never;
        };
        /**
         * See how a feeder is doing
         * @description What it was fed today, on the calendar of its time zone, and what its schedule asked for; its last meal and dose; how long its hopper lasts; when it was online; and its open alarms. For viewers, operators and admins.
         */
        get: operations["getOverview"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/feeders/{feederId}/token": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description The id the feeder was enrolled with.
                 * @example pond-1
                 */
                feederId: string;
            };
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Give a feeder another token
         * @description Its session ends at once. So that it is not lost before the new token is at the farm, the old one lets its agent in again until `previousTokenUntil`, or until the new one is first used. A token in between that was never used is good no more. For admins.
         */
        post: operations["rotateToken"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/feeders/{feederId}/claim-code": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description The id the feeder was enrolled with.
                 * @example pond-1
                 */
                feederId: string;
            };
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Make a claim code for an installer
         * @description Good once, for 15 minutes, in the place of an earlier one. At the farm `npm run agent -- enrol` fetches a new token with it and puts it where the agent looks for it, so that nobody has to see or send a token. For admins.
         */
        post: operations["makeClaimCode"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/claims": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Fetch a token with a claim code
         * @description Uses the code up. As when an admin gives a feeder another token, its session ends, and the old token lets its agent in again for 15 minutes, or until the new one is first used.
         */
        post: operations["claimFeeder"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/feeders/{feederId}/config": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description The id the feeder was enrolled with.
                 * @example pond-1
                 */
                feederId: string;
            };
            cookie?: never;
        };
        /**
         * Read a feeder's config
         * @description What the PLC holds, as last read from it. Its version is the ETag. For viewers, operators and admins.
         */
        get: operations["getConfig"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        /**
         * Change a feeder's config
         * @description Answered when the PLC holds it: the agent wrote the registers and read them back. Parameters that are not named stay as they are. For operators and admins.
         */
        patch: operations["changeConfig"];
        trace?: never;
    };
    "/feeders/{feederId}/commands": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description The id the feeder was enrolled with.
                 * @example pond-1
                 */
                feederId: string;
            };
            cookie?: never;
        };
        /**
         * List a feeder's commands
         * @description Who changed what and what became of it, newest first. Changes that were turned away are there as `refused`. For viewers, operators and admins.
         */
        get: operations["listCommands"];
        put?: never;
        /**
         * Pause, resume, feed now or clear alarms
         * @description Answered when it is done: the agent told its outcome, and that is stored. `pause` and `resume` are changes of `feedingEnabled`. `feed-now` needs an `Idempotency-Key`, feeds at most once, and waits for its turn: while an earlier one has no outcome, it is 409 `command-pending`, which names that one. The feeder's profile names the kinds it takes. For operators and admins.
         */
        post: operations["sendCommand"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/events": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Follow what happens
         * @description A stream of server-sent events (HTML, 9.2): `presence`, `command` (when it is stored and when it has its outcome), `config`, `meal` and `alarm`, each as it stood then, with an `id` that rises in the order in which they were stored; and `state`, the latest readings and whether the PLC answers, which has no `id` and may skip what newer readings replace. Send the last `id` as `Last-Event-ID` and what came after it is told first, for 7 days back; where that is not known any more the event `reset` says so: read anew what you show. `from` does the same by a time. The `id` moves on between events too. A comment comes every 15 s. Whoever does not keep up is cut off, and goes on from its last `id`. For viewers, operators and admins.
         */
        get: operations["followEvents"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/commands/{commandId}": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description The id of a command.
                 * @example 0c3f6dd4-8b52-4c58-9a5c-1c8a3c0f7e21
                 */
                commandId: string;
            };
            cookie?: never;
        };
        /**
         * Look at a command
         * @description Where it stands, or how it ended. For viewers, operators and admins.
         */
        get: operations["getCommand"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/feeders/{feederId}/readings": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description The id the feeder was enrolled with.
                 * @example pond-1
                 */
                feederId: string;
            };
            cookie?: never;
        };
        /**
         * Look at past readings
         * @description Minimum, average, maximum and number of the readings in each bucket, in at most 1000 buckets. The span is widened to whole buckets, as `from` and `to` of the answer say, so that the first and the last are as true as the others; booleans count as 0 and 1. As CSV there may be any number of buckets, each name in a row of its own. For viewers, operators and admins.
         */
        get: operations["getReadings"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/feeders/{feederId}/meals": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description The id the feeder was enrolled with.
                 * @example pond-1
                 */
                feederId: string;
            };
            cookie?: never;
        };
        /**
         * List meals
         * @description Every meal by the counters of the PLC, newest first, and what the days come to that the span touches: whole days of the feeder's time zone, newest first, today up to now; a day of which nothing is known is left out. The days come with the first page alone. As CSV all meals of the span in one answer. For viewers, operators and admins.
         */
        get: operations["listMeals"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/feeders/{feederId}/presence": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description The id the feeder was enrolled with.
                 * @example pond-1
                 */
                feederId: string;
            };
            cookie?: never;
        };
        /**
         * See how much of each day a feeder was online
         * @description The days that the span touches, whole days of the feeder's time zone, newest first, today up to now; days of which nothing is known are left out. A bridge that finds at its start that a lease ran out while none was there tells that as it finds it, and the time since the feeder was last seen counts neither as online nor as known. As CSV the changes themselves, newest first, those of the span in one answer. For viewers, operators and admins.
         */
        get: operations["listPresence"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/feeders/{feederId}/alarms": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description The id the feeder was enrolled with.
                 * @example pond-1
                 */
                feederId: string;
            };
            cookie?: never;
        };
        /**
         * List alarms
         * @description Alarms that were open at some time of the span, those raised last first: raised before `to` and not cleared before `from`. As CSV all of them in one answer. For viewers, operators and admins.
         */
        get: operations["listAlarms"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/feeders/{feederId}/alarm-thresholds": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description The id the feeder was enrolled with.
                 * @example pond-1
                 */
                feederId: string;
            };
            cookie?: never;
        };
        /**
         * Read a feeder's alarm thresholds
         * @description When the alarms that no bit of the PLC tells are raised. What nobody changed is the bridge's default. For viewers, operators and admins.
         */
        get: operations["getAlarmThresholds"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        /**
         * Change a feeder's alarm thresholds
         * @description Those that are not named stay as they are. They hold from the next judgement on, which is within seconds. For operators and admins.
         */
        patch: operations["changeAlarmThresholds"];
        trace?: never;
    };
    "/feeders/{feederId}/alarms/{alarmId}/acknowledge": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description The id the feeder was enrolled with.
                 * @example pond-1
                 */
                feederId: string;
                /**
                 * @description The id of an alarm.
                 * @example 8d0e2a94-6f0b-4f1e-9a3c-2b7f6f1d0c55
                 */
                alarmId: string;
            };
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Acknowledge an alarm
         * @description Says that somebody knows of it, in the name of the key. The first acknowledgement stands; another changes nothing. For operators and admins.
         */
        post: operations["acknowledgeAlarm"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/webhooks": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List the webhooks
         * @description Newest first, without their secrets. For admins.
         */
        get: operations["listWebhooks"];
        put?: never;
        /**
         * Make a webhook
         * @description From now on it is posted a notice when an alarm is raised, and another when that alarm is over: `{noticeId, event: "alarm-raised"|"alarm-cleared", alarm, feeder: {feederId, name, site}, sentAt}`, with the alarm as it is then. Notices are signed as https://www.standardwebhooks.com says, with the headers `webhook-id`, `webhook-timestamp` and `webhook-signature`, by the secret that is told here once. A notice is delivered when it is answered 2xx within 10 s; else it is posted again, with the same `webhook-id`, after 5 s and then ever longer, up to an hour, for about a day. It may come twice, so take each `webhook-id` once. An alarm that is over before anybody could be told is told to nobody. Addresses must be public, unless ALLOW_PRIVATE_WEBHOOKS is set. For admins.
         */
        post: operations["makeWebhook"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/webhooks/{webhookId}": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description The id of a webhook.
                 * @example a4a1c1f2-52c1-4a83-9a3b-0f5d1a7f7f10
                 */
                webhookId: string;
            };
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /**
         * Remove a webhook
         * @description With what it was still to be sent, and its deliveries. For admins.
         */
        delete: operations["removeWebhook"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/webhooks/{webhookId}/deliveries": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description The id of a webhook.
                 * @example a4a1c1f2-52c1-4a83-9a3b-0f5d1a7f7f10
                 */
                webhookId: string;
            };
            cookie?: never;
        };
        /**
         * List a webhook's deliveries
         * @description What it was sent, or is to be, and what became of it, newest first. They are kept for 30 days, and while the alarm is open. For admins.
         */
        get: operations["listDeliveries"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/email-contacts": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List the e-mail contacts
         * @description Newest first. For admins.
         */
        get: operations["listEmailContacts"];
        put?: never;
        /**
         * Make an e-mail contact
         * @description From now on its first address hears of an alarm when it is raised. While the alarm is open and nobody acknowledges it, the next address hears after so many minutes, and so on. Who heard is told when it is over. An alarm that is over or acknowledged before anybody could be told is told to nobody. For admins.
         */
        post: operations["makeEmailContact"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/email-contacts/{emailContactId}": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description The id of an e-mail contact.
                 * @example c1b7a2de-0b4f-4b52-8f3d-5a0f6e2d9c33
                 */
                emailContactId: string;
            };
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /**
         * Remove an e-mail contact
         * @description It hears of nothing any more, not even that an alarm it heard of is over. For admins.
         */
        delete: operations["removeEmailContact"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/audit": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * See who changed what, and who tried to
         * @description Newest first: every change that was made, and every attempt that was refused. A command is told with its outcome. The same attempt again and again within 10 s is one entry more, which says how often. An admin of some sites sees what is about these and no others. As CSV all entries of the span in one answer. For admins.
         */
        get: operations["listAudit"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/keys": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List the keys
         * @description Newest first, without the keys themselves. Those that have expired stay in the list until they are revoked; ADMIN_KEY is not in it. For admins.
         */
        get: operations["listKeys"];
        put?: never;
        /**
         * Make a key
         * @description A viewer reads; an operator also changes feeders; an admin also enrols and removes feeders and manages keys and logins. Whoever is an admin of some sites makes keys for these alone. A key that expires makes none that outlasts it. A person may make keys that last, which is how people make those of programs; the audit names who did. The key is told once. For admins.
         */
        post: operations["makeKey"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/keys/{apiKeyId}": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description The id of a key.
                 * @example 3e8f7a52-94f4-4a0c-8a53-0d5a2be1c6f7
                 */
                apiKeyId: string;
            };
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /**
         * Revoke a key
         * @description It lets nobody in any more, and what is being sent to whoever has it is cut, streams of events too. A key may revoke itself. For admins.
         */
        delete: operations["revokeKey"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/me": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * See who asks
         * @description The key or the person, also where it asks by a session. For viewers, operators and admins.
         */
        get: operations["getMe"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/sign-in-codes": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Make a code to sign in with on another device
         * @description For a QR code or a link, behind the `#` of its address, so that no key ever stands in one. Whoever has it is let in as its caller: show it to nobody else. Each caller has 20 of them at most, of which the oldest goes first; a restart of the bridge ends them. For viewers, operators and admins.
         */
        post: operations["makeSignInCode"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/sign-ins": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Sign in with a code
         * @description A sign-in code opens a session, which may do what whoever made the code may, under the same name. It lasts for 12 h at most, ends with the key or token that the code was made with, and is held in memory alone: a restart of the bridge ends it. A code of the issuer is exchanged for the person's token, which is the bearer.
         */
        post: operations["signIn"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/sign-ins/own": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /**
         * Sign out
         * @description Ends the session that asks: what is being sent by way of it is cut, and codes that were made by it are good no more. A key or a token of the issuer stays as good as it was. For viewers, operators and admins.
         */
        delete: operations["endSignIn"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/sign-in-ways": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * See how to sign in
         * @description For a page that asks its user how. Keys and codes are always taken.
         */
        get: operations["getSignInWays"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/oidc-authorizations": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Ask where people sign in
         * @description The first step of the authorization code flow with PKCE: send the user to `url`. The issuer sends it back to `redirectUri` with a `code`, which `POST /sign-ins` takes. A page is sent back to its own origin alone.
         */
        post: operations["startOidcAuthorization"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/site-logins": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List the site logins
         * @description Newest first, without their passwords. Those that have expired stay in the list until they are removed. For admins.
         */
        get: operations["listSiteLogins"];
        put?: never;
        /**
         * Make a site login
         * @description For an MQTT explorer, or for a farm's own MQTT broker: it may read the topics of this site's feeders, and nothing else. The password is told once. At its expiry its connections are cut. For admins.
         */
        post: operations["makeSiteLogin"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/site-logins/{siteLoginId}": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description The id of a site login.
                 * @example 5b0c9a1e-3a65-4f0e-8f57-7c86a4b1d9f2
                 */
                siteLoginId: string;
            };
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /**
         * Remove a site login
         * @description Its connections are cut at once, and it lets nobody in any more. For admins.
         */
        delete: operations["removeSiteLogin"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
}
export type webhooks = Record<string, never>;
export interface components {
    schemas: {
        /** @description Values by name; the unit is part of the name. */
        Values: {
            [key: string]: number | boolean;
        };
        /** @description What may be set, in which unit, range and steps. */
        Parameter: {
            name: string;
            /** @constant */
            type: "boolean";
            unit?: string | null;
        } | {
            name: string;
            /** @enum {string} */
            type: "number" | "integer";
            unit: string;
            min: number;
            max: number;
            step?: number;
            offset?: number;
        };
        /** @description The agent, its register map, and what may be set on this feeder. */
        Profile: {
            agentVersion: string;
            registerMap: {
                name: string;
                sha256: string;
            };
            parameters: components["schemas"]["Parameter"][];
            kinds: (("set-config" | "feed-now" | "clear-alarms") | string)[];
            guards?: components["schemas"]["FeedGuards"];
        };
        /** @description What the agent holds a feed-now to; what is not there is not limited. */
        FeedGuards: {
            maxDoseGrams?: number;
            minGapSeconds?: number;
            maxGramsPerDay?: number;
        };
        /** @description The latest readings. */
        State: {
            /** Format: date-time */
            at: string;
            values: components["schemas"]["Values"];
            /** @default {} */
            quality: {
                [key: string]: "stale" | "bad";
            };
        };
        /** @description Why a command was not applied. */
        Reason: {
            code: string;
            /** @default  */
            message: string;
            parameter?: string;
            exceptionCode?: number;
        };
        /** @description What the PLC held when it was last read. */
        ReportedConfig: {
            version: number;
            values: components["schemas"]["Values"];
            /** Format: date-time */
            readAt: string;
            /** @enum {string} */
            source: "start" | "command" | "local";
        };
        /** @description What the PLC held when it was last read, and what may be set. */
        Config: {
            version: number;
            values: components["schemas"]["Values"];
            /** Format: date-time */
            readAt: string;
            /** @enum {string} */
            source: "start" | "command" | "local";
            profile: components["schemas"]["Profile"] | null;
        };
        /** @description A feeder as it is now; what was never told is null. */
        Feeder: {
            feederId: string;
            name: string;
            site: string;
            timeZone: string;
            /** @enum {string} */
            presence: "online" | "offline";
            /** @enum {string} */
            plc: "ok" | "unreachable" | "unknown";
            lastSeenAt: string | null;
            config: components["schemas"]["ReportedConfig"] | null;
            state: components["schemas"]["State"] | null;
            profile: components["schemas"]["Profile"] | null;
        };
        /** @description A command and what became of it; what is not known is null. */
        Command: {
            /** Format: uuid */
            commandId: string;
            feederId: string;
            /** @enum {string} */
            kind: "set-config" | "feed-now" | "clear-alarms";
            /** @enum {string} */
            state: "applied" | "rejected" | "expired" | "superseded" | "indeterminate" | "sent" | "unresolved" | "refused";
            changes?: components["schemas"]["Values"];
            grams?: number;
            version: number | null;
            readBack: components["schemas"]["Values"] | null;
            previous: components["schemas"]["Values"] | null;
            reason: components["schemas"]["Reason"] | null;
            issuedBy: string;
            /** Format: date-time */
            issuedAt: string;
            expiresAt: string | null;
            ackedAt: string | null;
            latencyMs: number | null;
            transitions: {
                /** @enum {string} */
                state: "applied" | "rejected" | "expired" | "superseded" | "indeterminate" | "sent" | "unresolved" | "refused";
                /** Format: date-time */
                at: string;
            }[];
        };
        /** @description Problem details (RFC 9457). `code` is stable; `detail` says what to do. */
        Problem: {
            type: string;
            title: string;
            status: number;
            detail: string;
            /** @enum {string} */
            code: "malformed" | "unauthenticated" | "forbidden" | "not-found" | "method-not-allowed" | "feeder-offline" | "plc-unreachable" | "command-pending" | "command-superseded" | "feeder-exists" | "feeder-not-awaited" | "key-exists" | "email-not-set-up" | "version-mismatch" | "too-large" | "unsupported-media-type" | "invalid-config" | "unsupported-parameter" | "out-of-range" | "unsupported-command" | "idempotency-mismatch" | "rate-limited" | "internal-error" | "command-rejected" | "command-indeterminate" | "store-unavailable" | "lease-store-unavailable" | "issuer-unavailable" | "bridge-stopping" | "command-unresolved" | "command-expired";
            errors?: {
                /** @description A JSON pointer into the body; empty for the body itself. */
                pointer: string;
                code: string;
                detail: string;
            }[];
            /** Format: uuid */
            commandId?: string;
            reason?: components["schemas"]["Reason"] | null;
            readBack?: components["schemas"]["Values"] | null;
            previous?: components["schemas"]["Values"] | null;
        };
        /** @description A feeder's new token. */
        FeederToken: {
            feederId: string;
            /** @description The agent's MQTT password. It is shown here and never again. */
            token: string;
            /** @description Until when the old token lets the agent in, if the new one is not used before. Null: no longer. */
            previousTokenUntil: string | null;
        };
        /** @description What an installer fetches a feeder's token with, once. */
        ClaimCode: {
            feederId: string;
            /** @description It is shown here and never again. Capitals or not, spaces and dashes do not matter. */
            code: string;
            /** Format: date-time */
            expiresAt: string;
        };
        /** @description Comma-separated values (RFC 4180); the first line has the names. */
        Csv: string;
        /** @description A meal, counted by the PLC's own counters. */
        Meal: {
            /** @description Its number among the meals of its feeder. */
            mealId: number;
            feederId: string;
            /** Format: date-time */
            at: string;
            /** @description How many meals it is: several where they could not be told apart. */
            count: number;
            grams: number;
            plannedGrams: number | null;
            /** @enum {string} */
            source: "schedule" | "feed-now" | "panel";
            commandId: string | null;
            /** @description The PLC's counter of meals, after it. */
            countTotal: number;
            /** @description The PLC's counter of grams, after it. */
            totalGrams: number;
            /** @description Found by the PLC's counters, without word from an agent that it was fed. */
            booked: boolean;
        };
        /** @description Something wrong, raised once and cleared once. */
        Alarm: {
            /** Format: uuid */
            alarmId: string;
            feederId: string;
            name: string;
            /**
             * @description Who raised it: a bit of the PLC, or the bridge.
             * @enum {string}
             */
            origin: "plc" | "bridge";
            /** @enum {string} */
            severity: "info" | "warning" | "critical";
            /** @description What it is about, in words. */
            detail: string;
            /** @enum {string} */
            state: "open" | "cleared";
            /** Format: date-time */
            raisedAt: string;
            clearedAt: string | null;
            acknowledgedAt: string | null;
            acknowledgedBy: string | null;
        };
        /** @description One page; `nextCursor` is absent on the last one. */
        AlarmPage: {
            items: components["schemas"]["Alarm"][];
            nextCursor?: string;
        };
        /** @description When the bridge's own alarms are raised for a feeder; null is off. */
        AlarmThresholds: {
            /** @description The hopper will be empty so soon, at the rate of the last three days. In days; null: nobody watches. */
            hopperDaysLeft: number | null;
            /** @description So many meals of the schedule in a row were not fed. In meals; null: nobody watches. */
            mealsMissed: number | null;
            /** @description It has fed without a break for so long. In minutes; null: nobody watches. */
            feedingMaxMinutes: number | null;
            /** @description The PLC has not answered the agent for so long. In minutes; null: nobody watches. */
            plcLostMinutes: number | null;
            /** @description The agent has been offline for so long. In minutes; null: nobody watches. */
            agentLostMinutes: number | null;
            /** @description The water has less oxygen. In mg/L; null: nobody watches. */
            oxygenMinMgPerLitre: number | null;
            /** @description The water is colder. In °C; null: nobody watches. */
            temperatureMinCelsius: number | null;
            /** @description The water is warmer. In °C; null: nobody watches. */
            temperatureMaxCelsius: number | null;
        };
        /** @description Who changed something, or tried to: when, from where, and what it was before and after. */
        AuditEntry: {
            /** Format: uuid */
            auditEntryId: string;
            /** Format: date-time */
            at: string;
            author: {
                /**
                 * @description `server`: a program on the bridge's own machine. `nobody`: without a valid proof of being somebody.
                 * @enum {string}
                 */
                kind: "key" | "person" | "feeder" | "site-login" | "server" | "nobody";
                id: string | null;
                name: string | null;
                /** @description The IP address that it came from. */
                address: string | null;
                /** @description The `X-Request-Id` of the request. */
                requestId: string | null;
            };
            /** @description The operation, by its name in this document, or what was tried over MQTT. */
            action: string;
            /** @description The one site that it was about. Null: several, none, or one that nobody knows. */
            site: string | null;
            /** @description All that it was about; those who have all of these see it. Null: those of all sites do. */
            sites: string[] | null;
            feederId: string | null;
            /** @description The id of what else it was about: a command, a key, a webhook. */
            target: string | null;
            /**
             * @description `indeterminate`: a command that may have acted once, and never will again.
             * @enum {string}
             */
            result: "done" | "refused" | "indeterminate";
            /** @description Why it was not done: the code of a problem. */
            code: string | null;
            /** @description How often, where the same was refused again and again. */
            times: number;
            /** @description What a command asked for. */
            asked: {
                [key: string]: unknown;
            } | null;
            /** @description What held before; of a command what was read from the PLC. */
            before: {
                [key: string]: unknown;
            } | null;
            /** @description What held then; of a command what was read back. */
            after: {
                [key: string]: unknown;
            } | null;
        };
        /** @description One page; `nextCursor` is absent on the last one. */
        AuditPage: {
            items: components["schemas"]["AuditEntry"][];
            nextCursor?: string;
        };
        /** @description One page; `nextCursor` is absent on the last one. */
        CommandPage: {
            items: components["schemas"]["Command"][];
            nextCursor?: string;
        };
        /** @description Who hears of alarms by e-mail. */
        EmailContact: {
            /** Format: uuid */
            emailContactId: string;
            addresses: string[];
            escalateAfterMinutes: number;
            sites: string[] | null;
            severities: string[] | null;
            createdBy: string;
            /** Format: date-time */
            createdAt: string;
        };
        /** @description One page; `nextCursor` is absent on the last one. */
        EmailContactPage: {
            items: components["schemas"]["EmailContact"][];
            nextCursor?: string;
        };
        /** @description One page; `nextCursor` is absent on the last one. */
        FeederPage: {
            items: components["schemas"]["Feeder"][];
            nextCursor?: string;
        };
        /** @description A feeder that was just enrolled, and its token. */
        EnrolledFeeder: {
            feederId: string;
            name: string;
            site: string;
            timeZone: string;
            /** @enum {string} */
            presence: "online" | "offline";
            /** @enum {string} */
            plc: "ok" | "unreachable" | "unknown";
            lastSeenAt: string | null;
            config: components["schemas"]["ReportedConfig"] | null;
            state: components["schemas"]["State"] | null;
            profile: components["schemas"]["Profile"] | null;
            /** @description The agent's MQTT password. It is shown here and never again. */
            token: string;
        };
        /** @description A key for this API; sites that are null are all sites. */
        Key: {
            /** Format: uuid */
            apiKeyId: string;
            name: string;
            /** @enum {string} */
            role: "viewer" | "operator" | "admin";
            sites: string[] | null;
            /** Format: date-time */
            createdAt: string;
            /** @description Null: the bridge, on its first start. */
            createdBy: string | null;
            expiresAt: string | null;
            /** @description To the minute. */
            lastUsedAt: string | null;
        };
        /** @description A new key, which is never shown again. */
        NewKey: {
            /** Format: uuid */
            apiKeyId: string;
            name: string;
            /** @enum {string} */
            role: "viewer" | "operator" | "admin";
            sites: string[] | null;
            /** Format: date-time */
            createdAt: string;
            /** @description Null: the bridge, on its first start. */
            createdBy: string | null;
            expiresAt: string | null;
            /** @description To the minute. */
            lastUsedAt: string | null;
            key: string;
        };
        /** @description One page; `nextCursor` is absent on the last one. */
        KeyPage: {
            items: components["schemas"]["Key"][];
            nextCursor?: string;
        };
        /** @description Who asks, and what it may do; sites that are null are all sites. */
        Me: {
            /** @description What is changed is told to be by this name. */
            name: string;
            /** @enum {string} */
            kind: "key" | "person";
            /** @enum {string} */
            role: "viewer" | "operator" | "admin";
            sites: string[] | null;
            /** @description When whatever it asks by lets nobody in any more. Null: when somebody says so. */
            expiresAt: string | null;
        };
        /** @description A day of the feeder's time zone: what was fed in all, by feed-now and by the schedule. */
        MealDay: {
            /** Format: date */
            date: string;
            count: number;
            grams: number;
            /** @description What the schedule asked for; null where the config of that day is not known. */
            plannedGrams: number | null;
            feedNowGrams: number;
            scheduledGrams: number;
        };
        /** @description One page of meals; `nextCursor` is absent on the last one. `days` are those of the whole span, on the first page alone. */
        MealPage: {
            items: components["schemas"]["Meal"][];
            nextCursor?: string;
            days?: components["schemas"]["MealDay"][];
        };
        /** @description How a feeder is doing, at a glance. */
        FeederOverview: {
            feederId: string;
            /**
             * Format: date-time
             * @description The bridge's time: as of when all this is.
             */
            at: string;
            /** @description Today, in the feeder's time zone. */
            today: {
                /** Format: date */
                date: string;
                meals: number;
                fedGrams: number;
                /** @description What the schedule asks for on the whole day, if the config stays as it is. Null where the config of the day is not known. */
                plannedGrams: number | null;
                /** @description The part of it that is due by now. */
                plannedSoFarGrams: number | null;
            };
            /** @description Null where it was never fed. */
            lastMeal: {
                /** Format: date-time */
                at: string;
                grams: number;
                /** @description How many meals it is: several where they could not be told apart. */
                count: number;
                /** @enum {string} */
                source: "schedule" | "feed-now" | "panel";
            } | null;
            /** @description The last feed-now that fed, or may have. Null where there was none. */
            lastDose: {
                /** Format: date-time */
                at: string;
                grams: number;
                commandId: string;
                /** @description The PLC's counters show it. If not, its command alone tells that it fed, or may have, and the grams are those that were asked for. */
                counted: boolean;
            } | null;
            /** @description What the hopper holds, and how long that lasts. */
            hopper: {
                /** @description The latest reading; null where there is none, or it is stale or bad. */
                grams: number | null;
                /** @description When that was read. */
                readAt: string | null;
                /** @description What was fed a day lately; null where no meal is known. */
                gramsPerDay: number | null;
                /** @description From `at` on, at that pace; null where that is not known, or ten years off. */
                daysLeft: number | null;
                emptyAt: string | null;
            };
            /** @description The last 24 hours, oldest first; what nobody knows is in no span. Of more than 100 changes the newest are told. */
            presence: {
                /** @enum {string} */
                state: "online" | "offline";
                /** Format: date-time */
                from: string;
                /** Format: date-time */
                to: string;
            }[];
            /** @description The worst first, then the newest; 20 at most. */
            openAlarms: components["schemas"]["Alarm"][];
            openAlarmCount: number;
        };
        /** @description One page; `nextCursor` is absent on the last one. */
        FeederOverviewPage: {
            items: components["schemas"]["FeederOverview"][];
            nextCursor?: string;
        };
        /** @description A day of the feeder's time zone: how much of it the feeder was online. */
        PresenceDay: {
            /** Format: date */
            date: string;
            /** @description Of the time that is known. */
            onlineShare: number;
            onlineSeconds: number;
            /** @description How much of the day is known: not what was before the first change, nor what is still to come, nor while no bridge was there to watch. */
            knownSeconds: number;
            /** @description Newest first, 500 at most. */
            changes: {
                /** Format: date-time */
                at: string;
                /** @enum {string} */
                state: "online" | "offline";
                /** @enum {string} */
                reason: "connected" | "shutdown" | "connection-lost" | "lease-expired";
            }[];
            /** @description When it was what, oldest first; what nobody knows is in no span. Of more than 500 the newest. */
            spans: {
                /** @enum {string} */
                state: "online" | "offline";
                /** Format: date-time */
                from: string;
                /** Format: date-time */
                to: string;
            }[];
        };
        /** @description One page; `nextCursor` is absent on the last one. */
        PresencePage: {
            items: components["schemas"]["PresenceDay"][];
            nextCursor?: string;
        };
        /** @description Readings summed up by bucket, oldest first. Where there were none, there is no item. */
        Readings: {
            /** Format: date-time */
            from: string;
            /** Format: date-time */
            to: string;
            /** @enum {string} */
            bucket: "5m" | "15m" | "30m" | "1h" | "3h" | "6h" | "1d";
            bucketSeconds: number;
            names: string[];
            items: {
                /** Format: date-time */
                at: string;
                values: {
                    [key: string]: {
                        min: number;
                        avg: number;
                        max: number;
                        count: number;
                    };
                };
            }[];
        };
        /** @description The `data` of one event: what happened, as REST shows it, under the name of its type. `newestId` is that of a `reset`. */
        Event: {
            feederId: string;
            /** Format: date-time */
            at: string;
            presence: {
                /** @enum {string} */
                state: "online" | "offline";
                sessionId: string;
                /** Format: date-time */
                at: string;
                /** @enum {string} */
                reason: "connected" | "shutdown" | "connection-lost" | "lease-expired";
            };
        } | {
            feederId: string;
            /** Format: date-time */
            at: string;
            command: components["schemas"]["Command"];
        } | {
            feederId: string;
            /** Format: date-time */
            at: string;
            config: components["schemas"]["ReportedConfig"];
        } | {
            feederId: string;
            /** Format: date-time */
            at: string;
            state: components["schemas"]["State"];
            /** @enum {string} */
            plc: "ok" | "unreachable" | "unknown";
        } | {
            feederId: string;
            /** Format: date-time */
            at: string;
            meal: components["schemas"]["Meal"];
        } | {
            feederId: string;
            /** Format: date-time */
            at: string;
            alarm: components["schemas"]["Alarm"];
        } | {
            /** @description The newest event there is, from where it goes on. */
            newestId: number;
        };
        /** @description The ways to sign in besides a key or a code. */
        SignInWays: {
            /** @description Null: people do not sign in here. */
            oidc: {
                /** @description The host of whoever vouches for people. */
                issuer: string;
            } | null;
        };
        /** @description The address of the issuer's page. */
        OidcAuthorization: {
            /** @description Where to send the user. */
            url: string;
        };
        /** @description What lets its caller in on another device. */
        SignInCode: {
            /** @description It is shown here and never again. */
            code: string;
            /**
             * Format: date-time
             * @description When it is good no more; not later than whatever it was asked for with.
             */
            expiresAt: string;
        };
        /** @description What to ask by from now on, and until when. */
        SignIn: {
            /** @description For `Authorization: Bearer`. It is shown here and never again. */
            bearer: string;
            /** Format: date-time */
            expiresAt: string;
        };
        /** @description A login for looking on at one site's topics over MQTT. */
        SiteLogin: {
            /** Format: uuid */
            siteLoginId: string;
            site: string;
            name: string;
            username: string;
            expiresAt: string | null;
            /** Format: date-time */
            createdAt: string;
        };
        /** @description A new site login and its password, which is never shown again. */
        NewSiteLogin: {
            /** Format: uuid */
            siteLoginId: string;
            site: string;
            name: string;
            username: string;
            expiresAt: string | null;
            /** Format: date-time */
            createdAt: string;
            password: string;
        };
        /** @description One page; `nextCursor` is absent on the last one. */
        SiteLoginPage: {
            items: components["schemas"]["SiteLogin"][];
            nextCursor?: string;
        };
        /** @description Where notices of alarms are posted to. */
        Webhook: {
            /** Format: uuid */
            webhookId: string;
            url: string;
            sites: string[] | null;
            severities: string[] | null;
            types: string[] | null;
            createdBy: string;
            /** Format: date-time */
            createdAt: string;
        };
        /** @description A new webhook, and the secret that signs its notices, which is never shown again. */
        NewWebhook: {
            /** Format: uuid */
            webhookId: string;
            url: string;
            sites: string[] | null;
            severities: string[] | null;
            types: string[] | null;
            createdBy: string;
            /** Format: date-time */
            createdAt: string;
            secret: string;
        };
        /** @description A notice and what became of it. */
        Delivery: {
            /**
             * Format: uuid
             * @description The `webhook-id` of every attempt.
             */
            noticeId: string;
            /** @enum {string} */
            event: "alarm-raised" | "alarm-cleared";
            /** Format: uuid */
            alarmId: string;
            alarmName: string;
            feederId: string;
            /** @enum {string} */
            state: "waiting" | "delivered" | "given-up";
            /** Format: date-time */
            madeAt: string;
            attempts: number;
            lastAttemptAt: string | null;
            /** @description What became of the last attempt, in words. */
            lastResult: string | null;
            nextAttemptAt: string | null;
        };
        /** @description One page; `nextCursor` is absent on the last one. */
        WebhookPage: {
            items: components["schemas"]["Webhook"][];
            nextCursor?: string;
        };
        /** @description One page; `nextCursor` is absent on the last one. */
        DeliveryPage: {
            items: components["schemas"]["Delivery"][];
            nextCursor?: string;
        };
        /** @description A claim code, and for whom. */
        Claim: {
            code: string;
            /** @description The feeders that the agent serves: the code of another is not used up. */
            feederIds?: string[];
        };
        /** @description New values of some thresholds (a merge patch); null is off, and not the default. */
        AlarmThresholdChanges: {
            /** @description The hopper will be empty so soon, at the rate of the last three days. In days; null: nobody watches. */
            hopperDaysLeft?: number | null;
            /** @description So many meals of the schedule in a row were not fed. In meals; null: nobody watches. */
            mealsMissed?: number | null;
            /** @description It has fed without a break for so long. In minutes; null: nobody watches. */
            feedingMaxMinutes?: number | null;
            /** @description The PLC has not answered the agent for so long. In minutes; null: nobody watches. */
            plcLostMinutes?: number | null;
            /** @description The agent has been offline for so long. In minutes; null: nobody watches. */
            agentLostMinutes?: number | null;
            /** @description The water has less oxygen. In mg/L; null: nobody watches. */
            oxygenMinMgPerLitre?: number | null;
            /** @description The water is colder. In °C; null: nobody watches. */
            temperatureMinCelsius?: number | null;
            /** @description The water is warmer. In °C; null: nobody watches. */
            temperatureMaxCelsius?: number | null;
        };
        /** @description New values of some parameters (a merge patch). The profile says what the feeder takes. */
        ConfigChanges: {
            [key: string]: number | boolean;
        };
        /** @description What the feeder is to do. */
        CommandRequest: {
            /** @enum {string} */
            kind: "pause" | "resume";
        } | {
            /** @constant */
            kind: "feed-now";
            /** @description How much to feed. */
            grams: number;
        } | {
            /** @constant */
            kind: "clear-alarms";
        };
        /** @description Who hears of which alarms. */
        EmailContactRequest: {
            /** @description Who hears first, and who next where nobody acknowledges the alarm. */
            addresses: string[];
            /**
             * @description How long an address has, before the next one hears.
             * @default 15
             */
            escalateAfterMinutes: number;
            /** @description Only for these sites. Null: for all. Left out: for those of whoever asks. */
            sites?: string[] | null;
            /**
             * @description Only of these severities. Null: all.
             * @default null
             */
            severities: ("info" | "warning" | "critical")[] | null;
        };
        /** @description A feeder to be enrolled. */
        Enrolment: {
            feederId: string;
            name: string;
            site: string;
            /**
             * @description An IANA time zone.
             * @default UTC
             */
            timeZone: string;
        };
        /** @description For whom, what it may do, for which sites and until when. */
        KeyRequest: {
            /** @description Who or what it is for. What it changes is told to be by this name. */
            name: string;
            /** @enum {string} */
            role: "viewer" | "operator" | "admin";
            /** @description Only for these sites. Null: for all. Left out: for those of whoever asks. */
            sites?: string[] | null;
            /** @description A time in the future. Null: it does not expire. Left out: when the key of whoever asks does. */
            expiresAt?: string | null;
        };
        /** @description Where to come back to, and what the answer will be held against. */
        OidcAuthorizationRequest: {
            /** @description The page's own address, as it is registered with the issuer. */
            redirectUri: string;
            /** @description Comes back with the answer, for the page to compare. */
            state: string;
            /** @description The SHA-256 of the code verifier, in base64url (RFC 7636, S256). */
            codeChallenge: string;
        };
        /** @description How often a sign-in code may be used, and for how long. */
        SignInCodeRequest: {
            /**
             * @description On how many devices it lets in.
             * @default 1
             */
            uses: number;
            /**
             * @description For how long.
             * @default 300
             */
            validSeconds: number;
        };
        /** @description A sign-in code, or the code of the issuer. */
        SignInRequest: {
            code: string;
        } | {
            oidc: {
                /** @description What the issuer sent the user back with. */
                code: string;
                /** @description What the code challenge is the SHA-256 of. */
                codeVerifier: string;
                /** @description The page's own address, as it is registered with the issuer. */
                redirectUri: string;
            };
        };
        /** @description For which site, for whom and until when. */
        SiteLoginRequest: {
            site: string;
            /** @description Who or what it is for. */
            name: string;
            /** @description A time in the future. Null: it does not expire. Left out: when the key of whoever asks does. */
            expiresAt?: string | null;
        };
        /** @description Where to post notices, and of which alarms. */
        WebhookRequest: {
            /**
             * Format: uri
             * @description Where notices are posted to. Redirects are not followed.
             */
            url: string;
            /** @description Only for these sites. Null: for all. Left out: for those of whoever asks. */
            sites?: string[] | null;
            /**
             * @description Only of these severities. Null: all.
             * @default null
             */
            severities: ("info" | "warning" | "critical")[] | null;
            /**
             * @description Only of these alarms, by name. Null: all.
             * @default null
             */
            types: string[] | null;
        };
    };
    responses: never;
    parameters: never;
    requestBodies: never;
    headers: never;
    pathItems: never;
}
export type $defs = Record<string, never>;
export interface operations {
    listFeeders: {
        parameters: {
            query?: {
                /** @description How many items a page holds at most. */
                limit?: number;
                /** @description The `nextCursor` of the page before. */
                cursor?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A page of feeders. */
            200: {
                headers: {
                    /**
                     * @description The request's id in the bridge's log: the one it came with, else a new one.
                     * @example 3f0c7a52-52f4-4bd8-8a6e-0f6f5d1f9b11
                     */
                    "X-Request-Id": string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "items": [
                     *         {
                     *           "feederId": "pond-1",
                     *           "name": "North pond",
                     *           "site": "farm",
                     *           "timeZone": "Europe/Oslo",
                     *           "presence": "online",
                     *           "plc": "ok",
                     *           "lastSeenAt": "2026-01-31T08:00:12.000Z",
                     *           "config": {
                     *             "version": 7,
                     *             "values": {
                     *               "mealGrams": 120,
                     *               "intervalSeconds": 5400,
                     *               "feedingEnabled": true
                     *             },
                     *             "readAt": "2026-01-31T08:00:00.000Z",
                     *             "source": "command"
                     *           },
                     *           "state": {
                     *             "at": "2026-01-31T08:00:12.000Z",
                     *             "values": {
                     *               "hopperGrams": 84000,
                     *               "waterTemperatureCelsius": 11.4
                     *             },
                     *             "quality": {}
                     *           },
                     *           "profile": {
                     *             "agentVersion": "0.1.0",
                     *             "registerMap": {
                     *               "name": "reference-feeder",
                     *               "sha256": "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"
                     *             },
                     *             "parameters": [
                     *               {
                     *                 "name": "mealGrams",
                     *                 "type": "integer",
                     *                 "unit": "g",
                     *                 "min": 0,
                     *                 "max": 5000,
                     *                 "step": 1
                     *               },
                     *               {
                     *                 "name": "intervalSeconds",
                     *                 "type": "integer",
                     *                 "unit": "s",
                     *                 "min": 60,
                     *                 "max": 86400,
                     *                 "step": 1
                     *               },
                     *               {
                     *                 "name": "feedingEnabled",
                     *                 "type": "boolean",
                     *                 "unit": ""
                     *               }
                     *             ],
                     *             "kinds": [
                     *               "set-config",
                     *               "feed-now",
                     *               "clear-alarms"
                     *             ],
                     *             "guards": {
                     *               "maxDoseGrams": 500,
                     *               "minGapSeconds": 300,
                     *               "maxGramsPerDay": 5000
                     *             }
                     *           }
                     *         }
                     *       ]
                     *     }
                     */
                    "application/json": components["schemas"]["FeederPage"];
                };
            };
            /** @description `malformed`: The request could not be understood. */
            400: {
                headers: {
                    /**
                     * @description The request's id in the bridge's log: the one it came with, else a new one.
                     * @example 3f0c7a52-52f4-4bd8-8a6e-0f6f5d1f9b11
                     */
                    "X-Request-Id": string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {string} */
                        code: "malformed";
                    };
                };
            };
            /** @description `unauthenticated`: It is not known who asks. */
            401: {
                headers: {
                    /**
                     * @description How to say who asks.
                     * @example Bearer
                     */
                    "WWW-Authenticate": string;
                    /**
                     * @description The request's id in the bridge's log: the one it came with, else a new one.
                     * @example 3f0c7a52-52f4-4bd8-8a6e-0f6f5d1f9b11
                     */
                    "X-Request-Id": string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {string} */
                        code: "unauthenticated";
                    };
                };
            };
            /** @description `rate-limited`: Too many requests. */
            429: {
                headers: {
                    /**
                     * @description In how many seconds to try again.
                     * @example 2
                     */
                    "Retry-After": string;
                    /**
                     * @description The request's id in the bridge's log: the one it came with, else a new one.
                     * @example 3f0c7a52-52f4-4bd8-8a6e-0f6f5d1f9b11
                     */
                    "X-Request-Id": string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {string} */
                        code: "rate-limited";
                    };
                };
            };
            /** @description `issuer-unavailable`: Whoever vouches for people is not reachable. */
            503: {
                headers: {
                    /**
                     * @description In how many seconds to try again.
                     * @example 2
                     */
                    "Retry-After": string;
                    /**
                     * @description The request's id in the bridge's log: the one it came with, else a new one.
                     * @example 3f0c7a52-52f4-4bd8-8a6e-0f6f5d1f9b11
                     */
                    "X-Request-Id": string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {string} */
                        code: "issuer-unavailable";
                    };
                };
            };
        };
    };
    enrolFeeder: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "feederId": "pond-1",
                 *       "name": "North pond",
                 *       "site": "farm",
                 *       "timeZone": "Europe/Oslo"
                 *     }
                 */
                "application/json": components["schemas"]["Enrolment"];
            };
        };
        responses: {
            /** @description It is enrolled. */
            201: {
                headers: {
                    /**
                     * @description Where to find what was made or sent.
                     * @example /api/v1/commands/0c3f6dd4-8b52-4c58-9a5c-1c8a3c0f7e21
                     */
                    Location: string;
                    /**
                     * @description The request's id in the bridge's log: the one it came with, else a new one.
                     * @example 3f0c7a52-52f4-4bd8-8a6e-0f6f5d1f9b11
                     */
                    "X-Request-Id": string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "feederId": "pond-1",
                     *       "name": "North pond",
                     *       "site": "farm",
                     *       "timeZone": "Europe/Oslo",
                     *       "presence": "offline",
                     *       "plc": "unknown",
                     *       "lastSeenAt": null,
                     *       "config": null,
                     *       "state": null,
                     *       "profile": null,
                     *       "token": "q3Zr0nB7c1yTt5uVxE9kWm2LdHfJsPaG4oQiX6zRb8M"
                     *     }
                     */
                    "application/json": components["schemas"]["EnrolledFeeder"];
                };
            };
            /** @description `malformed`: The request could not be understood. */
            400: {
                headers: {
                    /**
                     * @description The request's id in the bridge's log: the one it came with, else a new one.
                     * @example 3f0c7a52-52f4-4bd8-8a6e-0f6f5d1f9b11
                     */
                    "X-Request-Id": string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {string} */
                        code: "malformed";
                    };
                };
            };
            /** @description `unauthenticated`: It is not known who asks. */
            401: {
                headers: {
                    /**
                     * @description How to say who asks.
                     * @example Bearer
                     */
                    "WWW-Authenticate": string;
                    /**
                     * @description The request's id in the bridge's log: the one it came with, else a new one.
                     * @example 3f0c7a52-52f4-4bd8-8a6e-0f6f5d1f9b11
                     */
                    "X-Request-Id": string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {string} */
                        code: "unauthenticated";
                    };
                };
            };
            /** @description `forbidden`: This key may not do that. */
            403: {
                headers: {
                    /**
                     * @description The request's id in the bridge's log: the one it came with, else a new one.
                     * @example 3f0c7a52-52f4-4bd8-8a6e-0f6f5d1f9b11
                     */
                    "X-Request-Id": string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {string} */
                        code: "forbidden";
                    };
                };
            };
            /** @description `feeder-exists`: A feeder with this id is enrolled already. */
            409: {
                headers: {
                    /**
                     * @description The request's id in the bridge's log: the one it came with, else a new one.
                     * @example 3f0c7a52-52f4-4bd8-8a6e-0f6f5d1f9b11
                     */
                    "X-Request-Id": string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {string} */
                        code: "feeder-exists";
                    };
                };
            };
            /** @description `too-large`: The request body is too large. */
            413: {
                headers: {
                    /**
                     * @description The request's id in the bridge's log: the one it came with, else a new one.
                     * @example 3f0c7a52-52f4-4bd8-8a6e-0f6f5d1f9b11
                     */
                    "X-Request-Id": string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {string} */
                        code: "too-large";
                    };
                };
            };
            /** @description `unsupported-media-type`: The request body has the wrong content type. */
            415: {
                headers: {
                    /**
                     * @description The request's id in the bridge's log: the one it came with, else a new one.
                     * @example 3f0c7a52-52f4-4bd8-8a6e-0f6f5d1f9b11
                     */
                    "X-Request-Id": string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {string} */
                        code: "unsupported-media-type";
                    };
                };
            };
            /** @description `rate-limited`: Too many requests. */
            429: {
                headers: {
                    /**
                     * @description In how many seconds to try again.
                     * @example 2
                     */
                    "Retry-After": string;
                    /**
                     * @description The request's id in the bridge's log: the one it came with, else a new one.
                     * @example 3f0c7a52-52f4-4bd8-8a6e-0f6f5d1f9b11
                     */
                    "X-Request-Id": string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {string} */
                        code: "rate-limited";
                    };
                };
            };
            /** @description `internal-error`: The bridge failed. */
            500: {
                headers: {
                    /**
                     * @description The request's id in the bridge's log: the one it came with, else a new one.
                     * @example 3f0c7a52-52f4-4bd8-8a6e-0f6f5d1f9b11
                     */
                    "X-Request-Id": string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {string} */
                        code: "internal-error";
                    };
                };
            };
            /** @description `issuer-unavailable`: Whoever vouches for people is not reachable. `store-unavailable`: The database is not reachable. */
            503: {
                headers: {
                    /**
                     * @description In how many seconds to try again.
                     * @example 2
                     */
                    "Retry-After": string;
                    /**
                     * @description The request's id in the bridge's log: the one it came with, else a new one.
                     * @example 3f0c7a52-52f4-4bd8-8a6e-0f6f5d1f9b11
                     */
                    "X-Request-Id": string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {string} */
                        code: "issuer-unavailable" | "store-unavailable";
                    };
                };
            };
        };
    };
    getFeeder: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description The id the feeder was enrolled with.
                 * @example pond-1
                 */
                feederId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The feeder. */
            200: {
                headers: {
                    /**
                     * @description The request's id in the bridge's log: the one it came with, else a new one.
                     * @example 3f0c7a52-52f4-4bd8-8a6e-0f6f5d1f9b11
                     */
                    "X-Request-Id": string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "feederId": "pond-1",
                     *       "name": "North pond",
                     *       "site": "farm",
                     *       "timeZone": "Europe/Oslo",
                     *       "presence": "online",
                     *       "plc": "ok",
                     *       "lastSeenAt": "2026-01-31T08:00:12.000Z",
                     *       "config": {
                     *         "version": 7,
                     *         "values": {
                     *           "mealGrams": 120,
                     *           "intervalSeconds": 5400,
                     *           "feedingEnabled": true
                     *         },
                     *         "readAt": "2026-01-31T08:00:00.000Z",
                     *         "source": "command"
                     *       },
                     *       "state": {
                     *         "at": "2026-01-31T08:00:12.000Z",
                     *         "values": {
                     *           "hopperGrams": 84000,
                     *           "waterTemperatureCelsius": 11.4
                     *         },
                     *         "quality": {}
                     *       },
                     *       "profile": {
                     *         "agentVersion": "0.1.0",
                     *         "registerMap": {
                     *           "name": "reference-feeder",
                     *           "sha256": "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"
                     *         },
                     *         "parameters": [
                     *           {
                     *             "name": "mealGrams",
                     *             "type": "integer",
                     *             "unit": "g",
                     *             "min": 0,
                     *             "max": 5000,
                     *             "step": 1
                     *           },
                     *           {
                     *             "name": "intervalSeconds",
                     *             "type": "integer",
                     *             "unit": "s",
                     *             "min": 60,
                     *             "max": 86400,
                     *             "step": 1
                     *           },
                     *           {
                     *             "name": "feedingEnabled",
                     *             "type": "boolean",
                     *             "unit": ""
                     *           }
                     *         ],
                     *         "kinds": [
                     *           "set-config",
                     *           "feed-now",
                     *           "clear-alarms"
                     *         ],
                     *         "guards": {
                     *           "maxDoseGrams": 500,
                     *           "minGapSeconds": 300,
                     *           "maxGramsPerDay": 5000
                     *         }
                     *       }
                     *     }
                     */
                    "application/json": components["schemas"]["Feeder"];
                };
            };
            /** @description `malformed`: The request could not be understood. */
            400: {
                headers: {
                    /**
                     * @description The request's id in the bridge's log: the one it came with, else a new one.
                     * @example 3f0c7a52-52f4-4bd8-8a6e-0f6f5d1f9b11
                     */
                    "X-Request-Id": string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {string} */
                        code: "malformed";
                    };
                };
            };
            /** @description `unauthenticated`: It is not known who asks. */
            401: {
                headers: {
                    /**
                     * @description How to say who asks.
                     * @example Bearer
                     */
                    "WWW-Authenticate": string;
                    /**
                     * @description The request's id in the bridge's log: the one it came with, else a new one.
                     * @example 3f0c7a52-52f4-4bd8-8a6e-0f6f5d1f9b11
                     */
                    "X-Request-Id": string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {string} */
                        code: "unauthenticated";
                    };
                };
            };
            /** @description `not-found`: There is no such thing here. */
            404: {
                headers: {
                    /**
                     * @description The request's id in the bridge's log: the one it came with, else a new one.
                     * @example 3f0c7a52-52f4-4bd8-8a6e-0f6f5d1f9b11
                     */
                    "X-Request-Id": string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {string} */
                        code: "not-found";
                    };
                };
            };
            /** @description `rate-limited`: Too many requests. */
            429: {
                headers: {
                    /**
                     * @description In how many seconds to try again.
                     * @example 2
                     */
                    "Retry-After": string;
                    /**
                     * @description The request's id in the bridge's log: the one it came with, else a new one.
                     * @example 3f0c7a52-52f4-4bd8-8a6e-0f6f5d1f9b11
                     */
                    "X-Request-Id": string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {string} */
                        code: "rate-limited";
                    };
                };
            };
            /** @description `issuer-unavailable`: Whoever vouches for people is not reachable. */
            503: {
                headers: {
                    /**
                     * @description In how many seconds to try again.
                     * @example 2
                     */
                    "Retry-After": string;
                    /**
                     * @description The request's id in the bridge's log: the one it came with, else a new one.
                     * @example 3f0c7a52-52f4-4bd8-8a6e-0f6f5d1f9b11
                     */
                    "X-Request-Id": string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {string} */
                        code: "issuer-unavailable";
                    };
                };
            };
        };
    };
    removeFeeder: {
        parameters: {
            query?: {
                /** @description Remove it even while commands have no outcome: they are settled as `indeterminate`. */
                force?: boolean;
            };
            header?: never;
            path: {
                /**
                 * @description The id the feeder was enrolled with.
                 * @example pond-1
                 */
                feederId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description It is removed. */
            204: {
                headers: {
                    /**
                     * @description The request's id in the bridge's log: the one it came with, else a new one.
                     * @example 3f0c7a52-52f4-4bd8-8a6e-0f6f5d1f9b11
                     */
                    "X-Request-Id": string;
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description `malformed`: The request could not be understood. */
            400: {
                headers: {
                    /**
                     * @description The request's id in the bridge's log: the one it came with, else a new one.
                     * @example 3f0c7a52-52f4-4bd8-8a6e-0f6f5d1f9b11
                     */
                    "X-Request-Id": string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {string} */
                        code: "malformed";
                    };
                };
            };
            /** @description `unauthenticated`: It is not known who asks. */
            401: {
                headers: {
                    /**
                     * @description How to say who asks.
                     * @example Bearer
                     */
                    "WWW-Authenticate": string;
                    /**
                     * @description The request's id in the bridge's log: the one it came with, else a new one.
                     * @example 3f0c7a52-52f4-4bd8-8a6e-0f6f5d1f9b11
                     */
                    "X-Request-Id": string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {string} */
                        code: "unauthenticated";
                    };
                };
            };
            /** @description `forbidden`: This key may not do that. */
            403: {
                headers: {
                    /**
                     * @description The request's id in the bridge's log: the one it came with, else a new one.
                     * @example 3f0c7a52-52f4-4bd8-8a6e-0f6f5d1f9b11
                     */
                    "X-Request-Id": string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {string} */
                        code: "forbidden";
                    };
                };
            };
            /** @description `not-found`: There is no such thing here. */
            404: {
                headers: {
                    /**
                     * @description The request's id in the bridge's log: the one it came with, else a new one.
                     * @example 3f0c7a52-52f4-4bd8-8a6e-0f6f5d1f9b11
                     */
                    "X-Request-Id": string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {string} */
                        code: "not-found";
                    };
                };
            };
            /** @description `command-pending`: An earlier command has no outcome yet. */
            409: {
                headers: {
                    /**
                     * @description The request's id in the bridge's log: the one it came with, else a new one.
                     * @example 3f0c7a52-52f4-4bd8-8a6e-0f6f5d1f9b11
                     */
                    "X-Request-Id": string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {string} */
                        code: "command-pending";
                    };
                };
            };
            /** @description `rate-limited`: Too many requests. */
            429: {
                headers: {
                    /**
                     * @description In how many seconds to try again.
                     * @example 2
                     */
                    "Retry-After": string;
                    /**
                     * @description The request's id in the bridge's log: the one it came with, else a new one.
                     * @example 3f0c7a52-52f4-4bd8-8a6e-0f6f5d1f9b11
                     */
                    "X-Request-Id": string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {string} */
                        code: "rate-limited";
                    };
                };
            };
            /** @description `internal-error`: The bridge failed. */
            500: {
                headers: {
                    /**
                     * @description The request's id in the bridge's log: the one it came with, else a new one.
                     * @example 3f0c7a52-52f4-4bd8-8a6e-0f6f5d1f9b11
                     */
                    "X-Request-Id": string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {string} */
                        code: "internal-error";
                    };
                };
            };
            /** @description `issuer-unavailable`: Whoever vouches for people is not reachable. `store-unavailable`: The database is not reachable. */
            503: {
                headers: {
                    /**
                     * @description In how many seconds to try again.
                     * @example 2
                     */
                    "Retry-After": string;
                    /**
                     * @description The request's id in the bridge's log: the one it came with, else a new one.
                     * @example 3f0c7a52-52f4-4bd8-8a6e-0f6f5d1f9b11
                     */
                    "X-Request-Id": string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {string} */
                        code: "issuer-unavailable" | "store-unavailable";
                    };
                };
            };
        };
    };
    listOverviews: {
        parameters: {
            query?: {
                /** @description How many items a page holds at most. */
                limit?: number;
                /** @description The `nextCursor` of the page before. */
                cursor?: string;
                /**
                 * @description Only these feeders, with commas between; those that are not there are left out.
                 * @example pond-1,pond-2
                 */
                feeders?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A page of overviews. */
            200: {
                headers: {
                    /**
                     * @description The request's id in the bridge's log: the one it came with, else a new one.
                     * @example 3f0c7a52-52f4-4bd8-8a6e-0f6f5d1f9b11
                     */
                    "X-Request-Id": string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "items": [
                     *         {
                     *           "feederId": "pond-1",
                     *           "at": "2026-01-31T08:00:12.000Z",
                     *           "today": {
                     *             "date": "2026-01-31",
                     *             "meals": 3,
                     *             "fedGrams": 358,
                     *             "plannedGrams": 1680,
                     *             "plannedSoFarGrams": 360
                     *           },
                     *           "lastMeal": {
                     *             "at": "2026-01-31T08:00:06.000Z",
                     *             "grams": 118,
                     *             "count": 1,
                     *             "source": "schedule"
                     *           },
                     *           "lastDose": {
                     *             "at": "2026-01-30T16:05:00.000Z",
                     *             "grams": 50,
                     *             "commandId": "e2b7a6de-44a1-4d0c-8f7e-5d0b9a6c1f38",
                     *             "counted": true
                     *           },
                     *           "hopper": {
                     *             "grams": 84000,
                     *             "readAt": "2026-01-31T08:00:12.000Z",
                     *             "gramsPerDay": 1680,
                     *             "daysLeft": 50,
                     *             "emptyAt": "2026-03-22T08:00:12.000Z"
                     *           },
                     *           "presence": [
                     *             {
                     *               "state": "offline",
                     *               "from": "2026-01-30T08:00:12.000Z",
                     *               "to": "2026-01-30T09:12:00.000Z"
                     *             },
                     *             {
                     *               "state": "online",
                     *               "from": "2026-01-30T09:12:00.000Z",
                     *               "to": "2026-01-31T08:00:12.000Z"
                     *             }
                     *           ],
                     *           "openAlarms": [
                     *             {
                     *               "alarmId": "8d0e2a94-6f0b-4f1e-9a3c-2b7f6f1d0c55",
                     *               "feederId": "pond-1",
                     *               "name": "hopperLow",
                     *               "origin": "plc",
                     *               "severity": "warning",
                     *               "detail": "The PLC reports hopperLow.",
                     *               "state": "open",
                     *               "raisedAt": "2026-01-31T07:40:00.000Z",
                     *               "clearedAt": null,
                     *               "acknowledgedAt": null,
                     *               "acknowledgedBy": null
                     *             }
                     *           ],
                     *           "openAlarmCount": 1
                     *         }
                     *       ]
                     *     }
                     */
                    "application/json": components["schemas"]["FeederOverviewPage"];
                };
            };
            /** @description `malformed`: The request could not be understood. */
            400: {
                headers: {
                    /**
                     * @description The request's id in the bridge's log: the one it came with, else a new one.
                     * @example 3f0c7a52-52f4-4bd8-8a6e-0f6f5d1f9b11
                     */
                    "X-Request-Id": string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {string} */
                        code: "malformed";
                    };
                };
            };
            /** @description `unauthenticated`: It is not known who asks. */
            401: {
                headers: {
                    /**
                     * @description How to say who asks.
                     * @example Bearer
                     */
                    "WWW-Authenticate": string;
                    /**
                     * @description The request's id in the bridge's log: the one it came with, else a new one.
                     * @example 3f0c7a52-52f4-4bd8-8a6e-0f6f5d1f9b11
                     */
                    "X-Request-Id": string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {string} */
                        code: "unauthenticated";
                    };
                };
            };
            /** @description `rate-limited`: Too many requests. */
            429: {
                headers: {
                    /**
                     * @description In how many seconds to try again.
                     * @example 2
                     */
                    "Retry-After": string;
                    /**
                     * @description The request's id in the bridge's log: the one it came with, else a new one.
                     * @example 3f0c7a52-52f4-4bd8-8a6e-0f6f5d1f9b11
                     */
                    "X-Request-Id": string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {string} */
                        code: "rate-limited";
                    };
                };
            };
            /** @description `internal-error`: The bridge failed. */
            500: {
                headers: {
                    /**
                     * @description The request's id in the bridge's log: the one it came with, else a new one.
                     * @example 3f0c7a52-52f4-4bd8-8a6e-0f6f5d1f9b11
                     */
                    "X-Request-Id": string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {string} */
                        code: "internal-error";
                    };
                };
            };
            /** @description `issuer-unavailable`: Whoever vouches for people is not reachable. `store-unavailable`: The database is not reachable. */
            503: {
                headers: {
                    /**
                     * @description In how many seconds to try again.
                     * @example 2
                     */
                    "Retry-After": string;
                    /**
                     * @description The request's id in the bridge's log: the one it came with, else a new one.
                     * @example 3f0c7a52-52f4-4bd8-8a6e-0f6f5d1f9b11
                     */
                    "X-Request-Id": string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {string} */
                        code: "issuer-unavailable" | "store-unavailable";
                    };
                };
            };
        };
    };
    getOverview: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description The id the feeder was enrolled with.
                 * @example pond-1
                 */
                feederId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The overview. */
            200: {
                headers: {
                    /**
                     * @description The request's id in the bridge's log: the one it came with, else a new one.
                     * @example 3f0c7a52-52f4-4bd8-8a6e-0f6f5d1f9b11
                     */
                    "X-Request-Id": string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "feederId": "pond-1",
                     *       "at": "2026-01-31T08:00:12.000Z",
                     *       "today": {
                     *         "date": "2026-01-31",
                     *         "meals": 3,
                     *         "fedGrams": 358,
                     *         "plannedGrams": 1680,
                     *         "plannedSoFarGrams": 360
                     *       },
                     *       "lastMeal": {
                     *         "at": "2026-01-31T08:00:06.000Z",
                     *         "grams": 118,
                     *         "count": 1,
                     *         "source": "schedule"
                     *       },
                     *       "lastDose": {
                     *         "at": "2026-01-30T16:05:00.000Z",
                     *         "grams": 50,
                     *         "commandId": "e2b7a6de-44a1-4d0c-8f7e-5d0b9a6c1f38",
                     *         "counted": true
                     *       },
                     *       "hopper": {
                     *         "grams": 84000,
                     *         "readAt": "2026-01-31T08:00:12.000Z",
                     *         "gramsPerDay": 1680,
                     *         "daysLeft": 50,
                     *         "emptyAt": "2026-03-22T08:00:12.000Z"
                     *       },
                     *       "presence": [
                     *         {
                     *           "state": "offline",
                     *           "from": "2026-01-30T08:00:12.000Z",
                     *           "to": "2026-01-30T09:12:00.000Z"
                     *         },
                     *         {
                     *           "state": "online",
                     *           "from": "2026-01-30T09:12:00.000Z",
                     *           "to": "2026-01-31T08:00:12.000Z"
                     *         }
                     *       ],
                     *       "openAlarms": [
                     *         {
                     *           "alarmId": "8d0e2a94-6f0b-4f1e-9a3c-2b7f6f1d0c55",
                     *           "feederId": "pond-1",
                     *           "name": "hopperLow",
                     *           "origin": "plc",
                     *           "severity": "warning",
                     *           "detail": "The PLC reports hopperLow.",
                     *           "state": "open",
                     *           "raisedAt": "2026-01-31T07:40:00.000Z",
                     *           "clearedAt": null,
                     *           "acknowledgedAt": null,
                     *           "acknowledgedBy": null
                     *         }
                     *       ],
                     *       "openAlarmCount": 1
                     *     }
                     */
                    "application/json": components["schemas"]["FeederOverview"];
                };
            };
            /** @description `malformed`: The request could not be understood. */
            400: {
                headers: {
                    /**
                     * @description The request's id in the bridge's log: the one it came with, else a new one.
                     * @example 3f0c7a52-52f4-4bd8-8a6e-0f6f5d1f9b11
                     */
                    "X-Request-Id": string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {string} */
                        code: "malformed";
                    };
                };
            };
            /** @description `unauthenticated`: It is not known who asks. */
            401: {
                headers: {
                    /**
                     * @description How to say who asks.
                     * @example Bearer
                     */
                    "WWW-Authenticate": string;
                    /**
                     * @description The request's id in the bridge's log: the one it came with, else a new one.
                     * @example 3f0c7a52-52f4-4bd8-8a6e-0f6f5d1f9b11
                     */
                    "X-Request-Id": string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {string} */
                        code: "unauthenticated";
                    };
                };
            };
            /** @description `not-found`: There is no such thing here. */
            404: {
                headers: {
                    /**
                     * @description The request's id in the bridge's log: the one it came with, else a new one.
                     * @example 3f0c7a52-52f4-4bd8-8a6e-0f6f5d1f9b11
                     */
                    "X-Request-Id": string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {string} */
                        code: "not-found";
                    };
                };
            };
            /** @description `rate-limited`: Too many requests. */
            429: {
                headers: {
                    /**
                     * @description In how many seconds to try again.
                     * @example 2
                     */
                    "Retry-After": string;
                    /**
                     * @description The request's id in the bridge's log: the one it came with, else a new one.
                     * @example 3f0c7a52-52f4-4bd8-8a6e-0f6f5d1f9b11
                     */
                    "X-Request-Id": string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {string} */
                        code: "rate-limited";
                    };
                };
            };
            /** @description `internal-error`: The bridge failed. */
            500: {
                headers: {
                    /**
                     * @description The request's id in the bridge's log: the one it came with, else a new one.
                     * @example 3f0c7a52-52f4-4bd8-8a6e-0f6f5d1f9b11
                     */
                    "X-Request-Id": string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {string} */
                        code: "internal-error";
                    };
                };
            };
            /** @description `issuer-unavailable`: Whoever vouches for people is not reachable. `store-unavailable`: The database is not reachable. */
            503: {
                headers: {
                    /**
                     * @description In how many seconds to try again.
                     * @example 2
                     */
                    "Retry-After": string;
                    /**
                     * @description The request's id in the bridge's log: the one it came with, else a new one.
                     * @example 3f0c7a52-52f4-4bd8-8a6e-0f6f5d1f9b11
                     */
                    "X-Request-Id": string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {string} */
                        code: "issuer-unavailable" | "store-unavailable";
                    };
                };
            };
        };
    };
    rotateToken: {
        parameters: {
            query?: {
                /** @description How long the old token is still good; 0 for one that was stolen. */
                overlapSeconds?: number;
            };
            header?: never;
            path: {
                /**
                 * @description The id the feeder was enrolled with.
                 * @example pond-1
                 */
                feederId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The new token, shown once. */
            201: {
                headers: {
                    /**
                     * @description The request's id in the bridge's log: the one it came with, else a new one.
                     * @example 3f0c7a52-52f4-4bd8-8a6e-0f6f5d1f9b11
                     */
                    "X-Request-Id": string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "feederId": "pond-1",
                     *       "token": "q3Zr0nB7c1yTt5uVxE9kWm2LdHfJsPaG4oQiX6zRb8M",
                     *       "previousTokenUntil": "2026-01-31T08:15:00.000Z"
                     *     }
                     */
                    "application/json": components["schemas"]["FeederToken"];
                };
            };
            /** @description `malformed`: The request could not be understood. */
            400: {
                headers: {
                    /**
                     * @description The request's id in the bridge's log: the one it came with, else a new one.
                     * @example 3f0c7a52-52f4-4bd8-8a6e-0f6f5d1f9b11
                     */
                    "X-Request-Id": string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {string} */
                        code: "malformed";
                    };
                };
            };
            /** @description `unauthenticated`: It is not known who asks. */
            401: {
                headers: {
                    /**
                     * @description How to say who asks.
                     * @example Bearer
                     */
                    "WWW-Authenticate": string;
                    /**
                     * @description The request's id in the bridge's log: the one it came with, else a new one.
                     * @example 3f0c7a52-52f4-4bd8-8a6e-0f6f5d1f9b11
                     */
                    "X-Request-Id": string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {string} */
                        code: "unauthenticated";
                    };
                };
            };
            /** @description `forbidden`: This key may not do that. */
            403: {
                headers: {
                    /**
                     * @description The request's id in the bridge's log: the one it came with, else a new one.
                     * @example 3f0c7a52-52f4-4bd8-8a6e-0f6f5d1f9b11
                     */
                    "X-Request-Id": string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {string} */
                        code: "forbidden";
                    };
                };
            };
            /** @description `not-found`: There is no such thing here. */
            404: {
                headers: {
                    /**
                     * @description The request's id in the bridge's log: the one it came with, else a new one.
                     * @example 3f0c7a52-52f4-4bd8-8a6e-0f6f5d1f9b11
                     */
                    "X-Request-Id": string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {string} */
                        code: "not-found";
                    };
                };
            };
            /** @description `rate-limited`: Too many requests. */
            429: {
                headers: {
                    /**
                     * @description In how many seconds to try again.
                     * @example 2
                     */
                    "Retry-After": string;
                    /**
                     * @description The request's id in the bridge's log: the one it came with, else a new one.
                     * @example 3f0c7a52-52f4-4bd8-8a6e-0f6f5d1f9b11
                     */
                    "X-Request-Id": string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {string} */
                        code: "rate-limited";
                    };
                };
            };
            /** @description `internal-error`: The bridge failed. */
            500: {
                headers: {
                    /**
                     * @description The request's id in the bridge's log: the one it came with, else a new one.
                     * @example 3f0c7a52-52f4-4bd8-8a6e-0f6f5d1f9b11
                     */
                    "X-Request-Id": string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {string} */
                        code: "internal-error";
                    };
                };
            };
            /** @description `issuer-unavailable`: Whoever vouches for people is not reachable. `store-unavailable`: The database is not reachable. */
            503: {
                headers: {
                    /**
                     * @description In how many seconds to try again.
                     * @example 2
                     */
                    "Retry-After": string;
                    /**
                     * @description The request's id in the bridge's log: the one it came with, else a new one.
                     * @example 3f0c7a52-52f4-4bd8-8a6e-0f6f5d1f9b11
                     */
                    "X-Request-Id": string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {string} */
                        code: "issuer-unavailable" | "store-unavailable";
                    };
                };
            };
        };
    };
    makeClaimCode: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description The id the feeder was enrolled with.
                 * @example pond-1
                 */
                feederId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The code, shown once. */
            201: {
                headers: {
                    /**
                     * @description The request's id in the bridge's log: the one it came with, else a new one.
                     * @example 3f0c7a52-52f4-4bd8-8a6e-0f6f5d1f9b11
                     */
                    "X-Request-Id": string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "feederId": "pond-1",
                     *       "code": "7KQ2-M0XN-3T9A-ZD5R",
                     *       "expiresAt": "2026-01-31T08:15:00.000Z"
                     *     }
                     */
                    "application/json": components["schemas"]["ClaimCode"];
                };
            };
            /** @description `malformed`: The request could not be understood. */
            400: {
                headers: {
                    /**
                     * @description The request's id in the bridge's log: the one it came with, else a new one.
                     * @example 3f0c7a52-52f4-4bd8-8a6e-0f6f5d1f9b11
                     */
                    "X-Request-Id": string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {string} */
                        code: "malformed";
                    };
                };
            };
            /** @description `unauthenticated`: It is not known who asks. */
            401: {
                headers: {
                    /**
                     * @description How to say who asks.
                     * @example Bearer
                     */
                    "WWW-Authenticate": string;
                    /**
                     * @description The request's id in the bridge's log: the one it came with, else a new one.
                     * @example 3f0c7a52-52f4-4bd8-8a6e-0f6f5d1f9b11
                     */
                    "X-Request-Id": string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {string} */
                        code: "unauthenticated";
                    };
                };
            };
            /** @description `forbidden`: This key may not do that. */
            403: {
                headers: {
                    /**
                     * @description The request's id in the bridge's log: the one it came with, else a new one.
                     * @example 3f0c7a52-52f4-4bd8-8a6e-0f6f5d1f9b11
                     */
                    "X-Request-Id": string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {string} */
                        code: "forbidden";
                    };
                };
            };
            /** @description `not-found`: There is no such thing here. */
            404: {
                headers: {
                    /**
                     * @description The request's id in the bridge's log: the one it came with, else a new one.
                     * @example 3f0c7a52-52f4-4bd8-8a6e-0f6f5d1f9b11
                     */
                    "X-Request-Id": string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {string} */
                        code: "not-found";
                    };
                };
            };
            /** @description `rate-limited`: Too many requests. */
            429: {
                headers: {
                    /**
                     * @description In how many seconds to try again.
                     * @example 2
                     */
                    "Retry-After": string;
                    /**
                     * @description The request's id in the bridge's log: the one it came with, else a new one.
                     * @example 3f0c7a52-52f4-4bd8-8a6e-0f6f5d1f9b11
                     */
                    "X-Request-Id": string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {string} */
                        code: "rate-limited";
                    };
                };
            };
            /** @description `internal-error`: The bridge failed. */
            500: {
                headers: {
                    /**
                     * @description The request's id in the bridge's log: the one it came with, else a new one.
                     * @example 3f0c7a52-52f4-4bd8-8a6e-0f6f5d1f9b11
                     */
                    "X-Request-Id": string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {string} */
                        code: "internal-error";
                    };
                };
            };
            /** @description `issuer-unavailable`: Whoever vouches for people is not reachable. `store-unavailable`: The database is not reachable. */
            503: {
                headers: {
                    /**
                     * @description In how many seconds to try again.
                     * @example 2
                     */
                    "Retry-After": string;
                    /**
                     * @description The request's id in the bridge's log: the one it came with, else a new one.
                     * @example 3f0c7a52-52f4-4bd8-8a6e-0f6f5d1f9b11
                     */
                    "X-Request-Id": string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {string} */
                        code: "issuer-unavailable" | "store-unavailable";
                    };
                };
            };
        };
    };
    claimFeeder: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "code": "7KQ2-M0XN-3T9A-ZD5R",
                 *       "feederIds": [
                 *         "pond-1",
                 *         "pond-2"
                 *       ]
                 *     }
                 */
                "application/json": components["schemas"]["Claim"];
            };
        };
        responses: {
            /** @description The new token, shown once. */
            201: {
                headers: {
                    /**
                     * @description The request's id in the bridge's log: the one it came with, else a new one.
                     * @example 3f0c7a52-52f4-4bd8-8a6e-0f6f5d1f9b11
                     */
                    "X-Request-Id": string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "feederId": "pond-1",
                     *       "token": "q3Zr0nB7c1yTt5uVxE9kWm2LdHfJsPaG4oQiX6zRb8M",
                     *       "previousTokenUntil": "2026-01-31T08:15:00.000Z"
                     *     }
                     */
                    "application/json": components["schemas"]["FeederToken"];
                };
            };
            /** @description `malformed`: The request could not be understood. */
            400: {
                headers: {
                    /**
                     * @description The request's id in the bridge's log: the one it came with, else a new one.
                     * @example 3f0c7a52-52f4-4bd8-8a6e-0f6f5d1f9b11
                     */
                    "X-Request-Id": string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {string} */
                        code: "malformed";
                    };
                };
            };
            /** @description `unauthenticated`: It is not known who asks. */
            401: {
                headers: {
                    /**
                     * @description How to say who asks.
                     * @example Bearer
                     */
                    "WWW-Authenticate": string;
                    /**
                     * @description The request's id in the bridge's log: the one it came with, else a new one.
                     * @example 3f0c7a52-52f4-4bd8-8a6e-0f6f5d1f9b11
                     */
                    "X-Request-Id": string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {string} */
                        code: "unauthenticated";
                    };
                };
            };
            /** @description `feeder-not-awaited`: The claim code is for another feeder. */
            409: {
                headers: {
                    /**
                     * @description The request's id in the bridge's log: the one it came with, else a new one.
                     * @example 3f0c7a52-52f4-4bd8-8a6e-0f6f5d1f9b11
                     */
                    "X-Request-Id": string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {string} */
                        code: "feeder-not-awaited";
                    };
                };
            };
            /** @description `too-large`: The request body is too large. */
            413: {
                headers: {
                    /**
                     * @description The request's id in the bridge's log: the one it came with, else a new one.
                     * @example 3f0c7a52-52f4-4bd8-8a6e-0f6f5d1f9b11
                     */
                    "X-Request-Id": string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {string} */
                        code: "too-large";
                    };
                };
            };
            /** @description `unsupported-media-type`: The request body has the wrong content type. */
            415: {
                headers: {
                    /**
                     * @description The request's id in the bridge's log: the one it came with, else a new one.
                     * @example 3f0c7a52-52f4-4bd8-8a6e-0f6f5d1f9b11
                     */
                    "X-Request-Id": string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {string} */
                        code: "unsupported-media-type";
                    };
                };
            };
            /** @description `rate-limited`: Too many requests. */
            429: {
                headers: {
                    /**
                     * @description In how many seconds to try again.
                     * @example 2
                     */
                    "Retry-After": string;
                    /**
                     * @description The request's id in the bridge's log: the one it came with, else a new one.
                     * @example 3f0c7a52-52f4-4bd8-8a6e-0f6f5d1f9b11
                     */
                    "X-Request-Id": string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {string} */
                        code: "rate-limited";
                    };
                };
            };
            /** @description `internal-error`: The bridge failed. */
            500: {
                headers: {
                    /**
                     * @description The request's id in the bridge's log: the one it came with, else a new one.
                     * @example 3f0c7a52-52f4-4bd8-8a6e-0f6f5d1f9b11
                     */
                    "X-Request-Id": string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {string} */
                        code: "internal-error";
                    };
                };
            };
            /** @description `store-unavailable`: The database is not reachable. */
            503: {
                headers: {
                    /**
                     * @description In how many seconds to try again.
                     * @example 2
                     */
                    "Retry-After": string;
                    /**
                     * @description The request's id in the bridge's log: the one it came with, else a new one.
                     * @example 3f0c7a52-52f4-4bd8-8a6e-0f6f5d1f9b11
                     */
                    "X-Request-Id": string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {string} */
                        code: "store-unavailable";
                    };
                };
            };
        };
    };
    getConfig: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description The id the feeder was enrolled with.
                 * @example pond-1
                 */
                feederId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The config. */
            200: {
                headers: {
                    /**
                     * @description The version of the config, for `If-Match`.
                     * @example "7"
                     */
                    ETag: string;
                    /**
                     * @description The request's id in the bridge's log: the one it came with, else a new one.
                     * @example 3f0c7a52-52f4-4bd8-8a6e-0f6f5d1f9b11
                     */
                    "X-Request-Id": string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "version": 7,
                     *       "values": {
                     *         "mealGrams": 120,
                     *         "intervalSeconds": 5400,
                     *         "feedingEnabled": true
                     *       },
                     *       "readAt": "2026-01-31T08:00:00.000Z",
                     *       "source": "command",
                     *       "profile": {
                     *         "agentVersion": "0.1.0",
                     *         "registerMap": {
                     *           "name": "reference-feeder",
                     *           "sha256": "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"
                     *         },
                     *         "parameters": [
                     *           {
                     *             "name": "mealGrams",
                     *             "type": "integer",
                     *             "unit": "g",
                     *             "min": 0,
                     *             "max": 5000,
                     *             "step": 1
                     *           },
                     *           {
                     *             "name": "intervalSeconds",
                     *             "type": "integer",
                     *             "unit": "s",
                     *             "min": 60,
                     *             "max": 86400,
                     *             "step": 1
                     *           },
                     *           {
                     *             "name": "feedingEnabled",
                     *             "type": "boolean",
                     *             "unit": ""
                     *           }
                     *         ],
                     *         "kinds": [
                     *           "set-config",
                     *           "feed-now",
                     *           "clear-alarms"
                     *         ],
                     *         "guards": {
                     *           "maxDoseGrams": 500,
                     *           "minGapSeconds": 300,
                     *           "maxGramsPerDay": 5000
                     *         }
                     *       }
                     *     }
                     */
                    "application/json": components["schemas"]["Config"];
                };
            };
            /** @description `malformed`: The request could not be understood. */
            400: {
                headers: {
                    /**
                     * @description The request's id in the bridge's log: the one it came with, else a new one.
                     * @example 3f0c7a52-52f4-4bd8-8a6e-0f6f5d1f9b11
                     */
                    "X-Request-Id": string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {string} */
                        code: "malformed";
                    };
                };
            };
            /** @description `unauthenticated`: It is not known who asks. */
            401: {
                headers: {
                    /**
                     * @description How to say who asks.
                     * @example Bearer
                     */
                    "WWW-Authenticate": string;
                    /**
                     * @description The request's id in the bridge's log: the one it came with, else a new one.
                     * @example 3f0c7a52-52f4-4bd8-8a6e-0f6f5d1f9b11
                     */
                    "X-Request-Id": string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {string} */
                        code: "unauthenticated";
                    };
                };
            };
            /** @description `not-found`: There is no such thing here. */
            404: {
                headers: {
                    /**
                     * @description The request's id in the bridge's log: the one it came with, else a new one.
                     * @example 3f0c7a52-52f4-4bd8-8a6e-0f6f5d1f9b11
                     */
                    "X-Request-Id": string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {string} */
                        code: "not-found";
                    };
                };
            };
            /** @description `rate-limited`: Too many requests. */
            429: {
                headers: {
                    /**
                     * @description In how many seconds to try again.
                     * @example 2
                     */
                    "Retry-After": string;
                    /**
                     * @description The request's id in the bridge's log: the one it came with, else a new one.
                     * @example 3f0c7a52-52f4-4bd8-8a6e-0f6f5d1f9b11
                     */
                    "X-Request-Id": string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {string} */
                        code: "rate-limited";
                    };
                };
            };
            /** @description `issuer-unavailable`: Whoever vouches for people is not reachable. */
            503: {
                headers: {
                    /**
                     * @description In how many seconds to try again.
                     * @example 2
                     */
                    "Retry-After": string;
                    /**
                     * @description The request's id in the bridge's log: the one it came with, else a new one.
                     * @example 3f0c7a52-52f4-4bd8-8a6e-0f6f5d1f9b11
                     */
                    "X-Request-Id": string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {string} */
                        code: "issuer-unavailable";
                    };
                };
            };
        };
    };
    changeConfig: {
        parameters: {
            query?: never;
            header?: {
                /**
                 * @description Act only if this is still the ETag of the config, and no change of it is under way.
                 * @example "7"
                 */
                "If-Match"?: string;
                /**
                 * @description For 24 hours the same key and body get the same command, as it then stands. Send one with whatever you might repeat; `feed-now` is not taken without.
                 * @example 6f2c1d
                 */
                "Idempotency-Key"?: string;
                /**
                 * @description `respond-async` answers 202 at once; `wait=n` shortens the wait to n seconds.
                 * @example wait=5
                 */
                Prefer?: string;
                /**
                 * @description The caller's trace (W3C Trace Context), carried to the agent; one that is malformed is ignored.
                 * @example 00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01
                 */
                traceparent?: string;
            };
            path: {
                /**
                 * @description The id the feeder was enrolled with.
                 * @example pond-1
                 */
                feederId: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "mealGrams": 120,
                 *       "intervalSeconds": 5400
                 *     }
                 */
                "application/json": components["schemas"]["ConfigChanges"];
                /**
                 * @example {
                 *       "mealGrams": 120,
                 *       "intervalSeconds": 5400
                 *     }
                 */
                "application/merge-patch+json": components["schemas"]["ConfigChanges"];
            };
        };
        responses: {
            /** @description The PLC holds it: the command, with what was read back. */
            200: {
                headers: {
                    /**
                     * @description The version of the config, for `If-Match`.
                     * @example "7"
                     */
                    ETag: string;
                    /**
                     * @description The request's id in the bridge's log: the one it came with, else a new one.
                     * @example 3f0c7a52-52f4-4bd8-8a6e-0f6f5d1f9b11
                     */
                    "X-Request-Id": string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "commandId": "0c3f6dd4-8b52-4c58-9a5c-1c8a3c0f7e21",
                     *       "feederId": "pond-1",
                     *       "kind": "set-config",
                     *       "state": "applied",
                     *       "changes": {
                     *         "mealGrams": 120,
                     *         "intervalSeconds": 5400
                     *       },
                     *       "version": 7,
                     *       "readBack": {
                     *         "mealGrams": 120,
                     *         "intervalSeconds": 5400
                     *       },
                     *       "previous": {
                     *         "mealGrams": 100,
                     *         "intervalSeconds": 3600
                     *       },
                     *       "reason": null,
                     *       "issuedBy": "admin",
                     *       "issuedAt": "2026-01-31T07:59:59.982Z",
                     *       "expiresAt": "2026-01-31T08:00:09.982Z",
                     *       "ackedAt": "2026-01-31T08:00:00.000Z",
                     *       "latencyMs": 18,
                     *       "transitions": [
                     *         {
                     *           "state": "sent",
                     *           "at": "2026-01-31T07:59:59.982Z"
                     *         },
                     *         {
                     *           "state": "applied",
                     *           "at": "2026-01-31T08:00:00.000Z"
                     *         }
                     *       ]
                     *     }
                     */
                    "application/json": components["schemas"]["Command"];
                };
            };
            /** @description It was sent, as `Prefer: respond-async` asks. Its outcome will be found at Location. */
            202: {
                headers: {
                    /**
                     * @description Where to find what was made or sent.
                     * @example /api/v1/commands/0c3f6dd4-8b52-4c58-9a5c-1c8a3c0f7e21
                     */
                    Location: string;
                    /**
                     * @description The preference that was followed.
                     * @example respond-async
                     */
                    "Preference-Applied": string;
                    /**
                     * @description The request's id in the bridge's log: the one it came with, else a new one.
                     * @example 3f0c7a52-52f4-4bd8-8a6e-0f6f5d1f9b11
                     */
                    "X-Request-Id": string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "commandId": "0c3f6dd4-8b52-4c58-9a5c-1c8a3c0f7e21",
                     *       "feederId": "pond-1",
                     *       "kind": "set-config",
                     *       "state": "sent",
                     *       "changes": {
                     *         "mealGrams": 120,
                     *         "intervalSeconds": 5400
                     *       },
                     *       "version": 7,
                     *       "readBack": null,
                     *       "previous": null,
                     *       "reason": null,
                     *       "issuedBy": "admin",
                     *       "issuedAt": "2026-01-31T07:59:59.982Z",
                     *       "expiresAt": "2026-01-31T08:00:09.982Z",
                     *       "ackedAt": null,
                     *       "latencyMs": null,
                     *       "transitions": [
                     *         {
                     *           "state": "sent",
                     *           "at": "2026-01-31T07:59:59.982Z"
                     *         }
                     *       ]
                     *     }
                     */
                    "application/json": components["schemas"]["Command"];
                };
            };
            /** @description `malformed`: The request could not be understood. */
            400: {
                headers: {
                    /**
                     * @description The request's id in the bridge's log: the one it came with, else a new one.
                     * @example 3f0c7a52-52f4-4bd8-8a6e-0f6f5d1f9b11
                     */
                    "X-Request-Id": string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {string} */
                        code: "malformed";
                    };
                };
            };
            /** @description `unauthenticated`: It is not known who asks. */
            401: {
                headers: {
                    /**
                     * @description How to say who asks.
                     * @example Bearer
                     */
                    "WWW-Authenticate": string;
                    /**
                     * @description The request's id in the bridge's log: the one it came with, else a new one.
                     * @example 3f0c7a52-52f4-4bd8-8a6e-0f6f5d1f9b11
                     */
                    "X-Request-Id": string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {string} */
                        code: "unauthenticated";
                    };
                };
            };
            /** @description `forbidden`: This key may not do that. */
            403: {
                headers: {
                    /**
                     * @description The request's id in the bridge's log: the one it came with, else a new one.
                     * @example 3f0c7a52-52f4-4bd8-8a6e-0f6f5d1f9b11
                     */
                    "X-Request-Id": string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {string} */
                        code: "forbidden";
                    };
                };
            };
            /** @description `not-found`: There is no such thing here. */
            404: {
                headers: {
                    /**
                     * @description The request's id in the bridge's log: the one it came with, else a new one.
                     * @example 3f0c7a52-52f4-4bd8-8a6e-0f6f5d1f9b11
                     */
                    "X-Request-Id": string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {string} */
                        code: "not-found";
                    };
                };
            };
            /** @description `feeder-offline`: The feeder is offline; nothing was sent. `plc-unreachable`: The agent does not reach the PLC; nothing was sent. `command-superseded`: A newer change overtook the command. */
            409: {
                headers: {
                    /**
                     * @description The request's id in the bridge's log: the one it came with, else a new one.
                     * @example 3f0c7a52-52f4-4bd8-8a6e-0f6f5d1f9b11
                     */
                    "X-Request-Id": string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {string} */
                        code: "feeder-offline" | "plc-unreachable" | "command-superseded";
                    };
                };
            };
            /** @description `version-mismatch`: The config is not the one you last saw. */
            412: {
                headers: {
                    /**
                     * @description The request's id in the bridge's log: the one it came with, else a new one.
                     * @example 3f0c7a52-52f4-4bd8-8a6e-0f6f5d1f9b11
                     */
                    "X-Request-Id": string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {string} */
                        code: "version-mismatch";
                    };
                };
            };
            /** @description `too-large`: The request body is too large. */
            413: {
                headers: {
                    /**
                     * @description The request's id in the bridge's log: the one it came with, else a new one.
                     * @example 3f0c7a52-52f4-4bd8-8a6e-0f6f5d1f9b11
                     */
                    "X-Request-Id": string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {string} */
                        code: "too-large";
                    };
                };
            };
            /** @description `unsupported-media-type`: The request body has the wrong content type. */
            415: {
                headers: {
                    /**
                     * @description The request's id in the bridge's log: the one it came with, else a new one.
                     * @example 3f0c7a52-52f4-4bd8-8a6e-0f6f5d1f9b11
                     */
                    "X-Request-Id": string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {string} */
                        code: "unsupported-media-type";
                    };
                };
            };
            /** @description `idempotency-mismatch`: This Idempotency-Key was used with another body. `invalid-config`: The change is not a valid one. `unsupported-parameter`: This feeder has no such parameter. `out-of-range`: A value is outside what this feeder takes. */
            422: {
                headers: {
                    /**
                     * @description The request's id in the bridge's log: the one it came with, else a new one.
                     * @example 3f0c7a52-52f4-4bd8-8a6e-0f6f5d1f9b11
                     */
                    "X-Request-Id": string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {string} */
                        code: "idempotency-mismatch" | "invalid-config" | "unsupported-parameter" | "out-of-range";
                    };
                };
            };
            /** @description `rate-limited`: Too many requests. */
            429: {
                headers: {
                    /**
                     * @description In how many seconds to try again.
                     * @example 2
                     */
                    "Retry-After": string;
                    /**
                     * @description The request's id in the bridge's log: the one it came with, else a new one.
                     * @example 3f0c7a52-52f4-4bd8-8a6e-0f6f5d1f9b11
                     */
                    "X-Request-Id": string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {string} */
                        code: "rate-limited";
                    };
                };
            };
            /** @description `internal-error`: The bridge failed. */
            500: {
                headers: {
                    /**
                     * @description The request's id in the bridge's log: the one it came with, else a new one.
                     * @example 3f0c7a52-52f4-4bd8-8a6e-0f6f5d1f9b11
                     */
                    "X-Request-Id": string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {string} */
                        code: "internal-error";
                    };
                };
            };
            /** @description `command-rejected`: The feeder did not carry it out. `command-indeterminate`: It cannot be known whether the command acted. */
            502: {
                headers: {
                    /**
                     * @description The request's id in the bridge's log: the one it came with, else a new one.
                     * @example 3f0c7a52-52f4-4bd8-8a6e-0f6f5d1f9b11
                     */
                    "X-Request-Id": string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {string} */
                        code: "command-rejected" | "command-indeterminate";
                    };
                };
            };
            /** @description `issuer-unavailable`: Whoever vouches for people is not reachable. `store-unavailable`: The database is not reachable. `lease-store-unavailable`: The lease store is not reachable. `bridge-stopping`: The bridge is stopping; nothing was sent. */
            503: {
                headers: {
                    /**
                     * @description In how many seconds to try again.
                     * @example 2
                     */
                    "Retry-After": string;
                    /**
                     * @description The request's id in the bridge's log: the one it came with, else a new one.
                     * @example 3f0c7a52-52f4-4bd8-8a6e-0f6f5d1f9b11
                     */
                    "X-Request-Id": string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {string} */
                        code: "issuer-unavailable" | "store-unavailable" | "lease-store-unavailable" | "bridge-stopping";
                    };
                };
            };
            /** @description `command-expired`: The command was too late and was not acted on. `command-unresolved`: The feeder has not answered yet. */
            504: {
                headers: {
                    /**
                     * @description Where to find what was made or sent.
                     * @example /api/v1/commands/0c3f6dd4-8b52-4c58-9a5c-1c8a3c0f7e21
                     */
                    Location?: string;
                    /**
                     * @description The request's id in the bridge's log: the one it came with, else a new one.
                     * @example 3f0c7a52-52f4-4bd8-8a6e-0f6f5d1f9b11
                     */
                    "X-Request-Id": string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {string} */
                        code: "command-expired" | "command-unresolved";
                    };
                };
            };
        };
    };
    listCommands: {
        parameters: {
            query?: {
                /** @description How many items a page holds at most. */
                limit?: number;
                /** @description The `nextCursor` of the page before. */
                cursor?: string;
                /** @description Only commands that are in this state now. */
                state?: "applied" | "rejected" | "expired" | "superseded" | "indeterminate" | "sent" | "unresolved" | "refused";
            };
            header?: never;
            path: {
                /**
                 * @description The id the feeder was enrolled with.
                 * @example pond-1
                 */
                feederId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A page of commands. */
            200: {
                headers: {
                    /**
                     * @description The request's id in the bridge's log: the one it came with, else a new one.
                     * @example 3f0c7a52-52f4-4bd8-8a6e-0f6f5d1f9b11
                     */
                    "X-Request-Id": string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "items": [
                     *         {
                     *           "commandId": "0c3f6dd4-8b52-4c58-9a5c-1c8a3c0f7e21",
                     *           "feederId": "pond-1",
                     *           "kind": "set-config",
                     *           "state": "applied",
                     *           "changes": {
                     *             "mealGrams": 120,
                     *             "intervalSeconds": 5400
                     *           },
                     *           "version": 7,
                     *           "readBack": {
                     *             "mealGrams": 120,
                     *             "intervalSeconds": 5400
                     *           },
                     *           "previous": {
                     *             "mealGrams": 100,
                     *             "intervalSeconds": 3600
                     *           },
                     *           "reason": null,
                     *           "issuedBy": "admin",
                     *           "issuedAt": "2026-01-31T07:59:59.982Z",
                     *           "expiresAt": "2026-01-31T08:00:09.982Z",
                     *           "ackedAt": "2026-01-31T08:00:00.000Z",
                     *           "latencyMs": 18,
                     *           "transitions": [
                     *             {
                     *               "state": "sent",
                     *               "at": "2026-01-31T07:59:59.982Z"
                     *             },
                     *             {
                     *               "state": "applied",
                     *               "at": "2026-01-31T08:00:00.000Z"
                     *             }
                     *           ]
                     *         }
                     *       ]
                     *     }
                     */
                    "application/json": components["schemas"]["CommandPage"];
                };
            };
            /** @description `malformed`: The request could not be understood. */
            400: {
                headers: {
                    /**
                     * @description The request's id in the bridge's log: the one it came with, else a new one.
                     * @example 3f0c7a52-52f4-4bd8-8a6e-0f6f5d1f9b11
                     */
                    "X-Request-Id": string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {string} */
                        code: "malformed";
                    };
                };
            };
            /** @description `unauthenticated`: It is not known who asks. */
            401: {
                headers: {
                    /**
                     * @description How to say who asks.
                     * @example Bearer
                     */
                    "WWW-Authenticate": string;
                    /**
                     * @description The request's id in the bridge's log: the one it came with, else a new one.
                     * @example 3f0c7a52-52f4-4bd8-8a6e-0f6f5d1f9b11
                     */
                    "X-Request-Id": string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {string} */
                        code: "unauthenticated";
                    };
                };
            };
            /** @description `not-found`: There is no such thing here. */
            404: {
                headers: {
                    /**
                     * @description The request's id in the bridge's log: the one it came with, else a new one.
                     * @example 3f0c7a52-52f4-4bd8-8a6e-0f6f5d1f9b11
                     */
                    "X-Request-Id": string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {string} */
                        code: "not-found";
                    };
                };
            };
            /** @description `rate-limited`: Too many requests. */
            429: {
                headers: {
                    /**
                     * @description In how many seconds to try again.
                     * @example 2
                     */
                    "Retry-After": string;
                    /**
                     * @description The request's id in the bridge's log: the one it came with, else a new one.
                     * @example 3f0c7a52-52f4-4bd8-8a6e-0f6f5d1f9b11
                     */
                    "X-Request-Id": string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {string} */
                        code: "rate-limited";
                    };
                };
            };
            /** @description `internal-error`: The bridge failed. */
            500: {
                headers: {
                    /**
                     * @description The request's id in the bridge's log: the one it came with, else a new one.
                     * @example 3f0c7a52-52f4-4bd8-8a6e-0f6f5d1f9b11
                     */
                    "X-Request-Id": string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {string} */
                        code: "internal-error";
                    };
                };
            };
            /** @description `issuer-unavailable`: Whoever vouches for people is not reachable. `store-unavailable`: The database is not reachable. */
            503: {
                headers: {
                    /**
                     * @description In how many seconds to try again.
                     * @example 2
                     */
                    "Retry-After": string;
                    /**
                     * @description The request's id in the bridge's log: the one it came with, else a new one.
                     * @example 3f0c7a52-52f4-4bd8-8a6e-0f6f5d1f9b11
                     */
                    "X-Request-Id": string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {string} */
                        code: "issuer-unavailable" | "store-unavailable";
                    };
                };
            };
        };
    };
    sendCommand: {
        parameters: {
            query?: never;
            header?: {
                /**
                 * @description Act only if this is still the ETag of the config, and no change of it is under way.
                 * @example "7"
                 */
                "If-Match"?: string;
                /**
                 * @description For 24 hours the same key and body get the same command, as it then stands. Send one with whatever you might repeat; `feed-now` is not taken without.
                 * @example 6f2c1d
                 */
                "Idempotency-Key"?: string;
                /**
                 * @description `respond-async` answers 202 at once; `wait=n` shortens the wait to n seconds.
                 * @example wait=5
                 */
                Prefer?: string;
                /**
                 * @description The caller's trace (W3C Trace Context), carried to the agent; one that is malformed is ignored.
                 * @example 00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01
                 */
                traceparent?: string;
            };
            path: {
                /**
                 * @description The id the feeder was enrolled with.
                 * @example pond-1
                 */
                feederId: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "kind": "feed-now",
                 *       "grams": 50
                 *     }
                 */
                "application/json": components["schemas"]["CommandRequest"];
            };
        };
        responses: {
            /** @description It is done: the command, with what was read back. */
            200: {
                headers: {
                    /**
                     * @description The version of the config, for `If-Match`.
                     * @example "7"
                     */
                    ETag?: string;
                    /**
                     * @description The request's id in the bridge's log: the one it came with, else a new one.
                     * @example 3f0c7a52-52f4-4bd8-8a6e-0f6f5d1f9b11
                     */
                    "X-Request-Id": string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "commandId": "e2b7a6de-44a1-4d0c-8f7e-5d0b9a6c1f38",
                     *       "feederId": "pond-1",
                     *       "kind": "feed-now",
                     *       "state": "applied",
                     *       "grams": 50,
                     *       "version": null,
                     *       "readBack": {},
                     *       "previous": {},
                     *       "reason": null,
                     *       "issuedBy": "admin",
                     *       "issuedAt": "2026-01-31T08:04:59.960Z",
                     *       "expiresAt": "2026-01-31T08:05:09.960Z",
                     *       "ackedAt": "2026-01-31T08:05:00.000Z",
                     *       "latencyMs": 40,
                     *       "transitions": [
                     *         {
                     *           "state": "sent",
                     *           "at": "2026-01-31T08:04:59.960Z"
                     *         },
                     *         {
                     *           "state": "applied",
                     *           "at": "2026-01-31T08:05:00.000Z"
                     *         }
                     *       ]
                     *     }
                     */
                    "application/json": components["schemas"]["Command"];
                };
            };
            /** @description It was sent, as `Prefer: respond-async` asks. Its outcome will be found at Location. */
            202: {
                headers: {
                    /**
                     * @description Where to find what was made or sent.
                     * @example /api/v1/commands/0c3f6dd4-8b52-4c58-9a5c-1c8a3c0f7e21
                     */
                    Location: string;
                    /**
                     * @description The preference that was followed.
                     * @example respond-async
                     */
                    "Preference-Applied": string;
                    /**
                     * @description The request's id in the bridge's log: the one it came with, else a new one.
                     * @example 3f0c7a52-52f4-4bd8-8a6e-0f6f5d1f9b11
                     */
                    "X-Request-Id": string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "commandId": "0c3f6dd4-8b52-4c58-9a5c-1c8a3c0f7e21",
                     *       "feederId": "pond-1",
                     *       "kind": "set-config",
                     *       "state": "sent",
                     *       "changes": {
                     *         "mealGrams": 120,
                     *         "intervalSeconds": 5400
                     *       },
                     *       "version": 7,
                     *       "readBack": null,
                     *       "previous": null,
                     *       "reason": null,
                     *       "issuedBy": "admin",
                     *       "issuedAt": "2026-01-31T07:59:59.982Z",
                     *       "expiresAt": "2026-01-31T08:00:09.982Z",
                     *       "ackedAt": null,
                     *       "latencyMs": null,
                     *       "transitions": [
                     *         {
                     *           "state": "sent",
                     *           "at": "2026-01-31T07:59:59.982Z"
                     *         }
                     *       ]
                     *     }
                     */
                    "application/json": components["schemas"]["Command"];
                };
            };
            /** @description `malformed`: The request could not be understood. */
            400: {
                headers: {
                    /**
                     * @description The request's id in the bridge's log: the one it came with, else a new one.
                     * @example 3f0c7a52-52f4-4bd8-8a6e-0f6f5d1f9b11
                     */
                    "X-Request-Id": string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {string} */
                        code: "malformed";
                    };
                };
            };
            /** @description `unauthenticated`: It is not known who asks. */
            401: {
                headers: {
                    /**
                     * @description How to say who asks.
                     * @example Bearer
                     */
                    "WWW-Authenticate": string;
                    /**
                     * @description The request's id in the bridge's log: the one it came with, else a new one.
                     * @example 3f0c7a52-52f4-4bd8-8a6e-0f6f5d1f9b11
                     */
                    "X-Request-Id": string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {string} */
                        code: "unauthenticated";
                    };
                };
            };
            /** @description `forbidden`: This key may not do that. */
            403: {
                headers: {
                    /**
                     * @description The request's id in the bridge's log: the one it came with, else a new one.
                     * @example 3f0c7a52-52f4-4bd8-8a6e-0f6f5d1f9b11
                     */
                    "X-Request-Id": string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {string} */
                        code: "forbidden";
                    };
                };
            };
            /** @description `not-found`: There is no such thing here. */
            404: {
                headers: {
                    /**
                     * @description The request's id in the bridge's log: the one it came with, else a new one.
                     * @example 3f0c7a52-52f4-4bd8-8a6e-0f6f5d1f9b11
                     */
                    "X-Request-Id": string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {string} */
                        code: "not-found";
                    };
                };
            };
            /** @description `feeder-offline`: The feeder is offline; nothing was sent. `plc-unreachable`: The agent does not reach the PLC; nothing was sent. `command-superseded`: A newer change overtook the command. `command-pending`: An earlier command has no outcome yet. */
            409: {
                headers: {
                    /**
                     * @description Where to find what was made or sent.
                     * @example /api/v1/commands/0c3f6dd4-8b52-4c58-9a5c-1c8a3c0f7e21
                     */
                    Location?: string;
                    /**
                     * @description The request's id in the bridge's log: the one it came with, else a new one.
                     * @example 3f0c7a52-52f4-4bd8-8a6e-0f6f5d1f9b11
                     */
                    "X-Request-Id": string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {string} */
                        code: "feeder-offline" | "plc-unreachable" | "command-superseded" | "command-pending";
                    };
                };
            };
            /** @description `version-mismatch`: The config is not the one you last saw. */
            412: {
                headers: {
                    /**
                     * @description The request's id in the bridge's log: the one it came with, else a new one.
                     * @example 3f0c7a52-52f4-4bd8-8a6e-0f6f5d1f9b11
                     */
                    "X-Request-Id": string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {string} */
                        code: "version-mismatch";
                    };
                };
            };
            /** @description `too-large`: The request body is too large. */
            413: {
                headers: {
                    /**
                     * @description The request's id in the bridge's log: the one it came with, else a new one.
                     * @example 3f0c7a52-52f4-4bd8-8a6e-0f6f5d1f9b11
                     */
                    "X-Request-Id": string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {string} */
                        code: "too-large";
                    };
                };
            };
            /** @description `unsupported-media-type`: The request body has the wrong content type. */
            415: {
                headers: {
                    /**
                     * @description The request's id in the bridge's log: the one it came with, else a new one.
                     * @example 3f0c7a52-52f4-4bd8-8a6e-0f6f5d1f9b11
                     */
                    "X-Request-Id": string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {string} */
                        code: "unsupported-media-type";
                    };
                };
            };
            /** @description `idempotency-mismatch`: This Idempotency-Key was used with another body. `invalid-config`: The change is not a valid one. `out-of-range`: A value is outside what this feeder takes. `unsupported-command`: This feeder does not take that command. */
            422: {
                headers: {
                    /**
                     * @description The request's id in the bridge's log: the one it came with, else a new one.
                     * @example 3f0c7a52-52f4-4bd8-8a6e-0f6f5d1f9b11
                     */
                    "X-Request-Id": string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {string} */
                        code: "idempotency-mismatch" | "invalid-config" | "out-of-range" | "unsupported-command";
                    };
                };
            };
            /** @description `rate-limited`: Too many requests. */
            429: {
                headers: {
                    /**
                     * @description In how many seconds to try again.
                     * @example 2
                     */
                    "Retry-After": string;
                    /**
                     * @description The request's id in the bridge's log: the one it came with, else a new one.
                     * @example 3f0c7a52-52f4-4bd8-8a6e-0f6f5d1f9b11
                     */
                    "X-Request-Id": string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {string} */
                        code: "rate-limited";
                    };
                };
            };
            /** @description `internal-error`: The bridge failed. */
            500: {
                headers: {
                    /**
                     * @description The request's id in the bridge's log: the one it came with, else a new one.
                     * @example 3f0c7a52-52f4-4bd8-8a6e-0f6f5d1f9b11
                     */
                    "X-Request-Id": string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {string} */
                        code: "internal-error";
                    };
                };
            };
            /** @description `command-rejected`: The feeder did not carry it out. `command-indeterminate`: It cannot be known whether the command acted. */
            502: {
                headers: {
                    /**
                     * @description The request's id in the bridge's log: the one it came with, else a new one.
                     * @example 3f0c7a52-52f4-4bd8-8a6e-0f6f5d1f9b11
                     */
                    "X-Request-Id": string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {string} */
                        code: "command-rejected" | "command-indeterminate";
                    };
                };
            };
            /** @description `issuer-unavailable`: Whoever vouches for people is not reachable. `store-unavailable`: The database is not reachable. `lease-store-unavailable`: The lease store is not reachable. `bridge-stopping`: The bridge is stopping; nothing was sent. */
            503: {
                headers: {
                    /**
                     * @description In how many seconds to try again.
                     * @example 2
                     */
                    "Retry-After": string;
                    /**
                     * @description The request's id in the bridge's log: the one it came with, else a new one.
                     * @example 3f0c7a52-52f4-4bd8-8a6e-0f6f5d1f9b11
                     */
                    "X-Request-Id": string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {string} */
                        code: "issuer-unavailable" | "store-unavailable" | "lease-store-unavailable" | "bridge-stopping";
                    };
                };
            };
            /** @description `command-expired`: The command was too late and was not acted on. `command-unresolved`: The feeder has not answered yet. */
            504: {
                headers: {
                    /**
                     * @description Where to find what was made or sent.
                     * @example /api/v1/commands/0c3f6dd4-8b52-4c58-9a5c-1c8a3c0f7e21
                     */
                    Location?: string;
                    /**
                     * @description The request's id in the bridge's log: the one it came with, else a new one.
                     * @example 3f0c7a52-52f4-4bd8-8a6e-0f6f5d1f9b11
                     */
                    "X-Request-Id": string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {string} */
                        code: "command-expired" | "command-unresolved";
                    };
                };
            };
        };
    };
    followEvents: {
        parameters: {
            query?: {
                /**
                 * @description Where no `Last-Event-ID` is sent: what was stored after this time is told first, for 7 days back.
                 * @example 2026-01-31T08:00:00.000Z
                 */
                from?: string;
                /**
                 * @description Only events of these feeders, with commas between.
                 * @example pond-1,pond-2
                 */
                feeders?: string;
                /**
                 * @description Only events of these types, with commas between.
                 * @example presence,alarm
                 */
                types?: string;
            };
            header?: {
                /**
                 * @description The `id` that came last: what came after it is told first.
                 * @example 1769846400000001
                 */
                "Last-Event-ID"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The stream; the schema is that of the `data` of each event. */
            200: {
                headers: {
                    /**
                     * @description The request's id in the bridge's log: the one it came with, else a new one.
                     * @example 3f0c7a52-52f4-4bd8-8a6e-0f6f5d1f9b11
                     */
                    "X-Request-Id": string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "feederId": "pond-1",
                     *       "at": "2026-01-31T08:00:00.000Z",
                     *       "command": {
                     *         "commandId": "0c3f6dd4-8b52-4c58-9a5c-1c8a3c0f7e21",
                     *         "feederId": "pond-1",
                     *         "kind": "set-config",
                     *         "state": "applied",
                     *         "changes": {
                     *           "mealGrams": 120,
                     *           "intervalSeconds": 5400
                     *         },
                     *         "version": 7,
                     *         "readBack": {
                     *           "mealGrams": 120,
                     *           "intervalSeconds": 5400
                     *         },
                     *         "previous": {
                     *           "mealGrams": 100,
                     *           "intervalSeconds": 3600
                     *         },
                     *         "reason": null,
                     *         "issuedBy": "admin",
                     *         "issuedAt": "2026-01-31T07:59:59.982Z",
                     *         "expiresAt": "2026-01-31T08:00:09.982Z",
                     *         "ackedAt": "2026-01-31T08:00:00.000Z",
                     *         "latencyMs": 18,
                     *         "transitions": [
                     *           {
                     *             "state": "sent",
                     *             "at": "2026-01-31T07:59:59.982Z"
                     *           },
                     *           {
                     *             "state": "applied",
                     *             "at": "2026-01-31T08:00:00.000Z"
                     *           }
                     *         ]
                     *       }
                     *     }
                     */
                    "text/event-stream": components["schemas"]["Event"];
                };
            };
            /** @description `malformed`: The request could not be understood. */
            400: {
                headers: {
                    /**
                     * @description The request's id in the bridge's log: the one it came with, else a new one.
                     * @example 3f0c7a52-52f4-4bd8-8a6e-0f6f5d1f9b11
                     */
                    "X-Request-Id": string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {string} */
                        code: "malformed";
                    };
                };
            };
            /** @description `unauthenticated`: It is not known who asks. */
            401: {
                headers: {
                    /**
                     * @description How to say who asks.
                     * @example Bearer
                     */
                    "WWW-Authenticate": string;
                    /**
                     * @description The request's id in the bridge's log: the one it came with, else a new one.
                     * @example 3f0c7a52-52f4-4bd8-8a6e-0f6f5d1f9b11
                     */
                    "X-Request-Id": string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {string} */
                        code: "unauthenticated";
                    };
                };
            };
            /** @description `not-found`: There is no such thing here. */
            404: {
                headers: {
                    /**
                     * @description The request's id in the bridge's log: the one it came with, else a new one.
                     * @example 3f0c7a52-52f4-4bd8-8a6e-0f6f5d1f9b11
                     */
                    "X-Request-Id": string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {string} */
                        code: "not-found";
                    };
                };
            };
            /** @description `rate-limited`: Too many requests. */
            429: {
                headers: {
                    /**
                     * @description In how many seconds to try again.
                     * @example 2
                     */
                    "Retry-After": string;
                    /**
                     * @description The request's id in the bridge's log: the one it came with, else a new one.
                     * @example 3f0c7a52-52f4-4bd8-8a6e-0f6f5d1f9b11
                     */
                    "X-Request-Id": string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {string} */
                        code: "rate-limited";
                    };
                };
            };
            /** @description `internal-error`: The bridge failed. */
            500: {
                headers: {
                    /**
                     * @description The request's id in the bridge's log: the one it came with, else a new one.
                     * @example 3f0c7a52-52f4-4bd8-8a6e-0f6f5d1f9b11
                     */
                    "X-Request-Id": string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {string} */
                        code: "internal-error";
                    };
                };
            };
            /** @description `issuer-unavailable`: Whoever vouches for people is not reachable. `store-unavailable`: The database is not reachable. `bridge-stopping`: The bridge is stopping; nothing was sent. */
            503: {
                headers: {
                    /**
                     * @description In how many seconds to try again.
                     * @example 2
                     */
                    "Retry-After": string;
                    /**
                     * @description The request's id in the bridge's log: the one it came with, else a new one.
                     * @example 3f0c7a52-52f4-4bd8-8a6e-0f6f5d1f9b11
                     */
                    "X-Request-Id": string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {string} */
                        code: "issuer-unavailable" | "store-unavailable" | "bridge-stopping";
                    };
                };
            };
        };
    };
    getCommand: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description The id of a command.
                 * @example 0c3f6dd4-8b52-4c58-9a5c-1c8a3c0f7e21
                 */
                commandId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The command. */
            200: {
                headers: {
                    /**
                     * @description The request's id in the bridge's log: the one it came with, else a new one.
                     * @example 3f0c7a52-52f4-4bd8-8a6e-0f6f5d1f9b11
                     */
                    "X-Request-Id": string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "commandId": "0c3f6dd4-8b52-4c58-9a5c-1c8a3c0f7e21",
                     *       "feederId": "pond-1",
                     *       "kind": "set-config",
                     *       "state": "applied",
                     *       "changes": {
                     *         "mealGrams": 120,
                     *         "intervalSeconds": 5400
                     *       },
                     *       "version": 7,
                     *       "readBack": {
                     *         "mealGrams": 120,
                     *         "intervalSeconds": 5400
                     *       },
                     *       "previous": {
                     *         "mealGrams": 100,
                     *         "intervalSeconds": 3600
                     *       },
                     *       "reason": null,
                     *       "issuedBy": "admin",
                     *       "issuedAt": "2026-01-31T07:59:59.982Z",
                     *       "expiresAt": "2026-01-31T08:00:09.982Z",
                     *       "ackedAt": "2026-01-31T08:00:00.000Z",
                     *       "latencyMs": 18,
                     *       "transitions": [
                     *         {
                     *           "state": "sent",
                     *           "at": "2026-01-31T07:59:59.982Z"
                     *         },
                     *         {
                     *           "state": "applied",
                     *           "at": "2026-01-31T08:00:00.000Z"
                     *         }
                     *       ]
                     *     }
                     */
                    "application/json": components["schemas"]["Command"];
                };
            };
            /** @description `malformed`: The request could not be understood. */
            400: {
                headers: {
                    /**
                     * @description The request's id in the bridge's log: the one it came with, else a new one.
                     * @example 3f0c7a52-52f4-4bd8-8a6e-0f6f5d1f9b11
                     */
                    "X-Request-Id": string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {string} */
                        code: "malformed";
                    };
                };
            };
            /** @description `unauthenticated`: It is not known who asks. */
            401: {
                headers: {
                    /**
                     * @description How to say who asks.
                     * @example Bearer
                     */
                    "WWW-Authenticate": string;
                    /**
                     * @description The request's id in the bridge's log: the one it came with, else a new one.
                     * @example 3f0c7a52-52f4-4bd8-8a6e-0f6f5d1f9b11
                     */
                    "X-Request-Id": string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {string} */
                        code: "unauthenticated";
                    };
                };
            };
            /** @description `not-found`: There is no such thing here. */
            404: {
                headers: {
                    /**
                     * @description The request's id in the bridge's log: the one it came with, else a new one.
                     * @example 3f0c7a52-52f4-4bd8-8a6e-0f6f5d1f9b11
                     */
                    "X-Request-Id": string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {string} */
                        code: "not-found";
                    };
                };
            };
            /** @description `rate-limited`: Too many requests. */
            429: {
                headers: {
                    /**
                     * @description In how many seconds to try again.
                     * @example 2
                     */
                    "Retry-After": string;
                    /**
                     * @description The request's id in the bridge's log: the one it came with, else a new one.
                     * @example 3f0c7a52-52f4-4bd8-8a6e-0f6f5d1f9b11
                     */
                    "X-Request-Id": string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {string} */
                        code: "rate-limited";
                    };
                };
            };
            /** @description `internal-error`: The bridge failed. */
            500: {
                headers: {
                    /**
                     * @description The request's id in the bridge's log: the one it came with, else a new one.
                     * @example 3f0c7a52-52f4-4bd8-8a6e-0f6f5d1f9b11
                     */
                    "X-Request-Id": string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {string} */
                        code: "internal-error";
                    };
                };
            };
            /** @description `issuer-unavailable`: Whoever vouches for people is not reachable. `store-unavailable`: The database is not reachable. */
            503: {
                headers: {
                    /**
                     * @description In how many seconds to try again.
                     * @example 2
                     */
                    "Retry-After": string;
                    /**
                     * @description The request's id in the bridge's log: the one it came with, else a new one.
                     * @example 3f0c7a52-52f4-4bd8-8a6e-0f6f5d1f9b11
                     */
                    "X-Request-Id": string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {string} */
                        code: "issuer-unavailable" | "store-unavailable";
                    };
                };
            };
        };
    };
    getReadings: {
        parameters: {
            query?: {
                /**
                 * @description Since when; 24 hours before `to` unless given.
                 * @example 2026-01-31T08:00:00.000Z
                 */
                from?: string;
                /**
                 * @description Until when, that moment left out; now unless given.
                 * @example 2026-01-31T08:00:00.000Z
                 */
                to?: string;
                /** @description How long each bucket is; unless given, the shortest with at most 1000 of them. A day is one of the feeder's time zone. */
                bucket?: "5m" | "15m" | "30m" | "1h" | "3h" | "6h" | "1d";
                /**
                 * @description Only these readings, separated by commas.
                 * @example hopperGrams,waterTemperatureCelsius
                 */
                names?: string;
            };
            header?: never;
            path: {
                /**
                 * @description The id the feeder was enrolled with.
                 * @example pond-1
                 */
                feederId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The readings. */
            200: {
                headers: {
                    /**
                     * @description The request's id in the bridge's log: the one it came with, else a new one.
                     * @example 3f0c7a52-52f4-4bd8-8a6e-0f6f5d1f9b11
                     */
                    "X-Request-Id": string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "from": "2026-01-31T08:00:00.000Z",
                     *       "to": "2026-01-31T08:10:00.000Z",
                     *       "bucket": "5m",
                     *       "bucketSeconds": 300,
                     *       "names": [
                     *         "hopperGrams"
                     *       ],
                     *       "items": [
                     *         {
                     *           "at": "2026-01-31T08:00:00.000Z",
                     *           "values": {
                     *             "hopperGrams": {
                     *               "min": 83900,
                     *               "avg": 83950.5,
                     *               "max": 84000,
                     *               "count": 12
                     *             }
                     *           }
                     *         }
                     *       ]
                     *     }
                     */
                    "application/json": components["schemas"]["Readings"];
                    /**
                     * @example at,name,min,avg,max,count
                     *     2026-01-31T08:00:00.000Z,hopperGrams,83900,83950.5,84000,12
                     */
                    "text/csv": components["schemas"]["Csv"];
                };
            };
            /** @description `malformed`: The request could not be understood. */
            400: {
                headers: {
                    /**
                     * @description The request's id in the bridge's log: the one it came with, else a new one.
                     * @example 3f0c7a52-52f4-4bd8-8a6e-0f6f5d1f9b11
                     */
                    "X-Request-Id": string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {string} */
                        code: "malformed";
                    };
                };
            };
            /** @description `unauthenticated`: It is not known who asks. */
            401: {
                headers: {
                    /**
                     * @description How to say who asks.
                     * @example Bearer
                     */
                    "WWW-Authenticate": string;
                    /**
                     * @description The request's id in the bridge's log: the one it came with, else a new one.
                     * @example 3f0c7a52-52f4-4bd8-8a6e-0f6f5d1f9b11
                     */
                    "X-Request-Id": string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {string} */
                        code: "unauthenticated";
                    };
                };
            };
            /** @description `not-found`: There is no such thing here. */
            404: {
                headers: {
                    /**
                     * @description The request's id in the bridge's log: the one it came with, else a new one.
                     * @example 3f0c7a52-52f4-4bd8-8a6e-0f6f5d1f9b11
                     */
                    "X-Request-Id": string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {string} */
                        code: "not-found";
                    };
                };
            };
            /** @description `rate-limited`: Too many requests. */
            429: {
                headers: {
                    /**
                     * @description In how many seconds to try again.
                     * @example 2
                     */
                    "Retry-After": string;
                    /**
                     * @description The request's id in the bridge's log: the one it came with, else a new one.
                     * @example 3f0c7a52-52f4-4bd8-8a6e-0f6f5d1f9b11
                     */
                    "X-Request-Id": string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {string} */
                        code: "rate-limited";
                    };
                };
            };
            /** @description `internal-error`: The bridge failed. */
            500: {
                headers: {
                    /**
                     * @description The request's id in the bridge's log: the one it came with, else a new one.
                     * @example 3f0c7a52-52f4-4bd8-8a6e-0f6f5d1f9b11
                     */
                    "X-Request-Id": string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {string} */
                        code: "internal-error";
                    };
                };
            };
            /** @description `issuer-unavailable`: Whoever vouches for people is not reachable. `store-unavailable`: The database is not reachable. */
            503: {
                headers: {
                    /**
                     * @description In how many seconds to try again.
                     * @example 2
                     */
                    "Retry-After": string;
                    /**
                     * @description The request's id in the bridge's log: the one it came with, else a new one.
                     * @example 3f0c7a52-52f4-4bd8-8a6e-0f6f5d1f9b11
                     */
                    "X-Request-Id": string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {string} */
                        code: "issuer-unavailable" | "store-unavailable";
                    };
                };
            };
        };
    };
    listMeals: {
        parameters: {
            query?: {
                /** @description How many items a page holds at most. */
                limit?: number;
                /** @description The `nextCursor` of the page before. */
                cursor?: string;
                /**
                 * @description Since when; 7 days before `to` unless given.
                 * @example 2026-01-31T08:00:00.000Z
                 */
                from?: string;
                /**
                 * @description Until when, that moment left out; now unless given.
                 * @example 2026-01-31T08:00:00.000Z
                 */
                to?: string;
            };
            header?: never;
            path: {
                /**
                 * @description The id the feeder was enrolled with.
                 * @example pond-1
                 */
                feederId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A page of meals. */
            200: {
                headers: {
                    /**
                     * @description The request's id in the bridge's log: the one it came with, else a new one.
                     * @example 3f0c7a52-52f4-4bd8-8a6e-0f6f5d1f9b11
                     */
                    "X-Request-Id": string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "items": [
                     *         {
                     *           "mealId": 4711,
                     *           "feederId": "pond-1",
                     *           "at": "2026-01-31T08:00:00.000Z",
                     *           "count": 1,
                     *           "grams": 118,
                     *           "plannedGrams": 120,
                     *           "source": "schedule",
                     *           "commandId": null,
                     *           "countTotal": 9001,
                     *           "totalGrams": 1080120,
                     *           "booked": false
                     *         }
                     *       ],
                     *       "days": [
                     *         {
                     *           "date": "2026-01-31",
                     *           "count": 9,
                     *           "grams": 1071,
                     *           "plannedGrams": 1080,
                     *           "feedNowGrams": 0,
                     *           "scheduledGrams": 1071
                     *         }
                     *       ]
                     *     }
                     */
                    "application/json": components["schemas"]["MealPage"];
                    /**
                     * @example mealId,feederId,at,count,grams,plannedGrams,source,commandId,countTotal,totalGrams,booked
                     *     4711,pond-1,2026-01-31T08:00:00.000Z,1,118,120,schedule,,9001,1080120,false
                     */
                    "text/csv": components["schemas"]["Csv"];
                };
            };
            /** @description `malformed`: The request could not be understood. */
            400: {
                headers: {
                    /**
                     * @description The request's id in the bridge's log: the one it came with, else a new one.
                     * @example 3f0c7a52-52f4-4bd8-8a6e-0f6f5d1f9b11
                     */
                    "X-Request-Id": string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {string} */
                        code: "malformed";
                    };
                };
            };
            /** @description `unauthenticated`: It is not known who asks. */
            401: {
                headers: {
                    /**
                     * @description How to say who asks.
                     * @example Bearer
                     */
                    "WWW-Authenticate": string;
                    /**
                     * @description The request's id in the bridge's log: the one it came with, else a new one.
                     * @example 3f0c7a52-52f4-4bd8-8a6e-0f6f5d1f9b11
                     */
                    "X-Request-Id": string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {string} */
                        code: "unauthenticated";
                    };
                };
            };
            /** @description `not-found`: There is no such thing here. */
            404: {
                headers: {
                    /**
                     * @description The request's id in the bridge's log: the one it came with, else a new one.
                     * @example 3f0c7a52-52f4-4bd8-8a6e-0f6f5d1f9b11
                     */
                    "X-Request-Id": string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {string} */
                        code: "not-found";
                    };
                };
            };
            /** @description `rate-limited`: Too many requests. */
            429: {
                headers: {
                    /**
                     * @description In how many seconds to try again.
                     * @example 2
                     */
                    "Retry-After": string;
                    /**
                     * @description The request's id in the bridge's log: the one it came with, else a new one.
                     * @example 3f0c7a52-52f4-4bd8-8a6e-0f6f5d1f9b11
                     */
                    "X-Request-Id": string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {string} */
                        code: "rate-limited";
                    };
                };
            };
            /** @description `internal-error`: The bridge failed. */
            500: {
                headers: {
                    /**
                     * @description The request's id in the bridge's log: the one it came with, else a new one.
                     * @example 3f0c7a52-52f4-4bd8-8a6e-0f6f5d1f9b11
                     */
                    "X-Request-Id": string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {string} */
                        code: "internal-error";
                    };
                };
            };
            /** @description `issuer-unavailable`: Whoever vouches for people is not reachable. `store-unavailable`: The database is not reachable. */
            503: {
                headers: {
                    /**
                     * @description In how many seconds to try again.
                     * @example 2
                     */
                    "Retry-After": string;
                    /**
                     * @description The request's id in the bridge's log: the one it came with, else a new one.
                     * @example 3f0c7a52-52f4-4bd8-8a6e-0f6f5d1f9b11
                     */
                    "X-Request-Id": string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {string} */
                        code: "issuer-unavailable" | "store-unavailable";
                    };
                };
            };
        };
    };
    listPresence: {
        parameters: {
            query?: {
                /** @description How many items a page holds at most. */
                limit?: number;
                /** @description The `nextCursor` of the page before. */
                cursor?: string;
                /**
                 * @description Since when; 7 days before `to` unless given.
                 * @example 2026-01-31T08:00:00.000Z
                 */
                from?: string;
                /**
                 * @description Until when, that moment left out; now unless given.
                 * @example 2026-01-31T08:00:00.000Z
                 */
                to?: string;
            };
            header?: never;
            path: {
                /**
                 * @description The id the feeder was enrolled with.
                 * @example pond-1
                 */
                feederId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A page of days. */
            200: {
                headers: {
                    /**
                     * @description The request's id in the bridge's log: the one it came with, else a new one.
                     * @example 3f0c7a52-52f4-4bd8-8a6e-0f6f5d1f9b11
                     */
                    "X-Request-Id": string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "items": [
                     *         {
                     *           "date": "2026-01-31",
                     *           "onlineShare": 0.75,
                     *           "onlineSeconds": 64800,
                     *           "knownSeconds": 86400,
                     *           "changes": [
                     *             {
                     *               "at": "2026-01-31T06:00:00.000Z",
                     *               "state": "online",
                     *               "reason": "connected"
                     *             }
                     *           ],
                     *           "spans": [
                     *             {
                     *               "state": "offline",
                     *               "from": "2026-01-31T00:00:00.000Z",
                     *               "to": "2026-01-31T06:00:00.000Z"
                     *             },
                     *             {
                     *               "state": "online",
                     *               "from": "2026-01-31T06:00:00.000Z",
                     *               "to": "2026-02-01T00:00:00.000Z"
                     *             }
                     *           ]
                     *         }
                     *       ]
                     *     }
                     */
                    "application/json": components["schemas"]["PresencePage"];
                    /**
                     * @example at,state,reason
                     *     2026-01-31T06:00:00.000Z,online,connected
                     */
                    "text/csv": components["schemas"]["Csv"];
                };
            };
            /** @description `malformed`: The request could not be understood. */
            400: {
                headers: {
                    /**
                     * @description The request's id in the bridge's log: the one it came with, else a new one.
                     * @example 3f0c7a52-52f4-4bd8-8a6e-0f6f5d1f9b11
                     */
                    "X-Request-Id": string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {string} */
                        code: "malformed";
                    };
                };
            };
            /** @description `unauthenticated`: It is not known who asks. */
            401: {
                headers: {
                    /**
                     * @description How to say who asks.
                     * @example Bearer
                     */
                    "WWW-Authenticate": string;
                    /**
                     * @description The request's id in the bridge's log: the one it came with, else a new one.
                     * @example 3f0c7a52-52f4-4bd8-8a6e-0f6f5d1f9b11
                     */
                    "X-Request-Id": string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {string} */
                        code: "unauthenticated";
                    };
                };
            };
            /** @description `not-found`: There is no such thing here. */
            404: {
                headers: {
                    /**
                     * @description The request's id in the bridge's log: the one it came with, else a new one.
                     * @example 3f0c7a52-52f4-4bd8-8a6e-0f6f5d1f9b11
                     */
                    "X-Request-Id": string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {string} */
                        code: "not-found";
                    };
                };
            };
            /** @description `rate-limited`: Too many requests. */
            429: {
                headers: {
                    /**
                     * @description In how many seconds to try again.
                     * @example 2
                     */
                    "Retry-After": string;
                    /**
                     * @description The request's id in the bridge's log: the one it came with, else a new one.
                     * @example 3f0c7a52-52f4-4bd8-8a6e-0f6f5d1f9b11
                     */
                    "X-Request-Id": string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {string} */
                        code: "rate-limited";
                    };
                };
            };
            /** @description `internal-error`: The bridge failed. */
            500: {
                headers: {
                    /**
                     * @description The request's id in the bridge's log: the one it came with, else a new one.
                     * @example 3f0c7a52-52f4-4bd8-8a6e-0f6f5d1f9b11
                     */
                    "X-Request-Id": string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {string} */
                        code: "internal-error";
                    };
                };
            };
            /** @description `issuer-unavailable`: Whoever vouches for people is not reachable. `store-unavailable`: The database is not reachable. */
            503: {
                headers: {
                    /**
                     * @description In how many seconds to try again.
                     * @example 2
                     */
                    "Retry-After": string;
                    /**
                     * @description The request's id in the bridge's log: the one it came with, else a new one.
                     * @example 3f0c7a52-52f4-4bd8-8a6e-0f6f5d1f9b11
                     */
                    "X-Request-Id": string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {string} */
                        code: "issuer-unavailable" | "store-unavailable";
                    };
                };
            };
        };
    };
    listAlarms: {
        parameters: {
            query?: {
                /** @description How many items a page holds at most. */
                limit?: number;
                /** @description The `nextCursor` of the page before. */
                cursor?: string;
                /**
                 * @description Since when; 7 days before `to` unless given.
                 * @example 2026-01-31T08:00:00.000Z
                 */
                from?: string;
                /**
                 * @description Until when, that moment left out; now unless given.
                 * @example 2026-01-31T08:00:00.000Z
                 */
                to?: string;
                /** @description Only alarms that are in this state now. */
                state?: "open" | "cleared";
            };
            header?: never;
            path: {
                /**
                 * @description The id the feeder was enrolled with.
                 * @example pond-1
                 */
                feederId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A page of alarms. */
            200: {
                headers: {
                    /**
                     * @description The request's id in the bridge's log: the one it came with, else a new one.
                     * @example 3f0c7a52-52f4-4bd8-8a6e-0f6f5d1f9b11
                     */
                    "X-Request-Id": string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "items": [
                     *         {
                     *           "alarmId": "8d0e2a94-6f0b-4f1e-9a3c-2b7f6f1d0c55",
                     *           "feederId": "pond-1",
                     *           "name": "motorJam",
                     *           "origin": "plc",
                     *           "severity": "critical",
                     *           "detail": "The PLC reports motorJam.",
                     *           "state": "open",
                     *           "raisedAt": "2026-01-31T08:00:00.000Z",
                     *           "clearedAt": null,
                     *           "acknowledgedAt": null,
                     *           "acknowledgedBy": null
                     *         }
                     *       ]
                     *     }
                     */
                    "application/json": components["schemas"]["AlarmPage"];
                    /**
                     * @example alarmId,feederId,name,origin,severity,detail,state,raisedAt,clearedAt,acknowledgedAt,acknowledgedBy
                     *     8d0e2a94-6f0b-4f1e-9a3c-2b7f6f1d0c55,pond-1,motorJam,plc,critical,The PLC reports motorJam.,open,2026-01-31T08:00:00.000Z,,,
                     */
                    "text/csv": components["schemas"]["Csv"];
                };
            };
            /** @description `malformed`: The request could not be understood. */
            400: {
                headers: {
                    /**
                     * @description The request's id in the bridge's log: the one it came with, else a new one.
                     * @example 3f0c7a52-52f4-4bd8-8a6e-0f6f5d1f9b11
                     */
                    "X-Request-Id": string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {string} */
                        code: "malformed";
                    };
                };
            };
            /** @description `unauthenticated`: It is not known who asks. */
            401: {
                headers: {
                    /**
                     * @description How to say who asks.
                     * @example Bearer
                     */
                    "WWW-Authenticate": string;
                    /**
                     * @description The request's id in the bridge's log: the one it came with, else a new one.
                     * @example 3f0c7a52-52f4-4bd8-8a6e-0f6f5d1f9b11
                     */
                    "X-Request-Id": string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {string} */
                        code: "unauthenticated";
                    };
                };
            };
            /** @description `not-found`: There is no such thing here. */
            404: {
                headers: {
                    /**
                     * @description The request's id in the bridge's log: the one it came with, else a new one.
                     * @example 3f0c7a52-52f4-4bd8-8a6e-0f6f5d1f9b11
                     */
                    "X-Request-Id": string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {string} */
                        code: "not-found";
                    };
                };
            };
            /** @description `rate-limited`: Too many requests. */
            429: {
                headers: {
                    /**
                     * @description In how many seconds to try again.
                     * @example 2
                     */
                    "Retry-After": string;
                    /**
                     * @description The request's id in the bridge's log: the one it came with, else a new one.
                     * @example 3f0c7a52-52f4-4bd8-8a6e-0f6f5d1f9b11
                     */
                    "X-Request-Id": string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {string} */
                        code: "rate-limited";
                    };
                };
            };
            /** @description `internal-error`: The bridge failed. */
            500: {
                headers: {
                    /**
                     * @description The request's id in the bridge's log: the one it came with, else a new one.
                     * @example 3f0c7a52-52f4-4bd8-8a6e-0f6f5d1f9b11
                     */
                    "X-Request-Id": string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {string} */
                        code: "internal-error";
                    };
                };
            };
            /** @description `issuer-unavailable`: Whoever vouches for people is not reachable. `store-unavailable`: The database is not reachable. */
            503: {
                headers: {
                    /**
                     * @description In how many seconds to try again.
                     * @example 2
                     */
                    "Retry-After": string;
                    /**
                     * @description The request's id in the bridge's log: the one it came with, else a new one.
                     * @example 3f0c7a52-52f4-4bd8-8a6e-0f6f5d1f9b11
                     */
                    "X-Request-Id": string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {string} */
                        code: "issuer-unavailable" | "store-unavailable";
                    };
                };
            };
        };
    };
    getAlarmThresholds: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description The id the feeder was enrolled with.
                 * @example pond-1
                 */
                feederId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description All thresholds. */
            200: {
                headers: {
                    /**
                     * @description The request's id in the bridge's log: the one it came with, else a new one.
                     * @example 3f0c7a52-52f4-4bd8-8a6e-0f6f5d1f9b11
                     */
                    "X-Request-Id": string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "hopperDaysLeft": 3,
                     *       "mealsMissed": 2,
                     *       "feedingMaxMinutes": 30,
                     *       "plcLostMinutes": 5,
                     *       "agentLostMinutes": 5,
                     *       "oxygenMinMgPerLitre": 5,
                     *       "temperatureMinCelsius": 2,
                     *       "temperatureMaxCelsius": 22
                     *     }
                     */
                    "application/json": components["schemas"]["AlarmThresholds"];
                };
            };
            /** @description `malformed`: The request could not be understood. */
            400: {
                headers: {
                    /**
                     * @description The request's id in the bridge's log: the one it came with, else a new one.
                     * @example 3f0c7a52-52f4-4bd8-8a6e-0f6f5d1f9b11
                     */
                    "X-Request-Id": string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {string} */
                        code: "malformed";
                    };
                };
            };
            /** @description `unauthenticated`: It is not known who asks. */
            401: {
                headers: {
                    /**
                     * @description How to say who asks.
                     * @example Bearer
                     */
                    "WWW-Authenticate": string;
                    /**
                     * @description The request's id in the bridge's log: the one it came with, else a new one.
                     * @example 3f0c7a52-52f4-4bd8-8a6e-0f6f5d1f9b11
                     */
                    "X-Request-Id": string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {string} */
                        code: "unauthenticated";
                    };
                };
            };
            /** @description `not-found`: There is no such thing here. */
            404: {
                headers: {
                    /**
                     * @description The request's id in the bridge's log: the one it came with, else a new one.
                     * @example 3f0c7a52-52f4-4bd8-8a6e-0f6f5d1f9b11
                     */
                    "X-Request-Id": string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {string} */
                        code: "not-found";
                    };
                };
            };
            /** @description `rate-limited`: Too many requests. */
            429: {
                headers: {
                    /**
                     * @description In how many seconds to try again.
                     * @example 2
                     */
                    "Retry-After": string;
                    /**
                     * @description The request's id in the bridge's log: the one it came with, else a new one.
                     * @example 3f0c7a52-52f4-4bd8-8a6e-0f6f5d1f9b11
                     */
                    "X-Request-Id": string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {string} */
                        code: "rate-limited";
                    };
                };
            };
            /** @description `issuer-unavailable`: Whoever vouches for people is not reachable. */
            503: {
                headers: {
                    /**
                     * @description In how many seconds to try again.
                     * @example 2
                     */
                    "Retry-After": string;
                    /**
                     * @description The request's id in the bridge's log: the one it came with, else a new one.
                     * @example 3f0c7a52-52f4-4bd8-8a6e-0f6f5d1f9b11
                     */
                    "X-Request-Id": string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {string} */
                        code: "issuer-unavailable";
                    };
                };
            };
        };
    };
    changeAlarmThresholds: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description The id the feeder was enrolled with.
                 * @example pond-1
                 */
                feederId: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "hopperDaysLeft": 5,
                 *       "temperatureMinCelsius": null
                 *     }
                 */
                "application/json": components["schemas"]["AlarmThresholdChanges"];
                /**
                 * @example {
                 *       "hopperDaysLeft": 5,
                 *       "temperatureMinCelsius": null
                 *     }
                 */
                "application/merge-patch+json": components["schemas"]["AlarmThresholdChanges"];
            };
        };
        responses: {
            /** @description All thresholds as they are now. */
            200: {
                headers: {
                    /**
                     * @description The request's id in the bridge's log: the one it came with, else a new one.
                     * @example 3f0c7a52-52f4-4bd8-8a6e-0f6f5d1f9b11
                     */
                    "X-Request-Id": string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "hopperDaysLeft": 5,
                     *       "mealsMissed": 2,
                     *       "feedingMaxMinutes": 30,
                     *       "plcLostMinutes": 5,
                     *       "agentLostMinutes": 5,
                     *       "oxygenMinMgPerLitre": 5,
                     *       "temperatureMinCelsius": null,
                     *       "temperatureMaxCelsius": 22
                     *     }
                     */
                    "application/json": components["schemas"]["AlarmThresholds"];
                };
            };
            /** @description `malformed`: The request could not be understood. */
            400: {
                headers: {
                    /**
                     * @description The request's id in the bridge's log: the one it came with, else a new one.
                     * @example 3f0c7a52-52f4-4bd8-8a6e-0f6f5d1f9b11
                     */
                    "X-Request-Id": string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {string} */
                        code: "malformed";
                    };
                };
            };
            /** @description `unauthenticated`: It is not known who asks. */
            401: {
                headers: {
                    /**
                     * @description How to say who asks.
                     * @example Bearer
                     */
                    "WWW-Authenticate": string;
                    /**
                     * @description The request's id in the bridge's log: the one it came with, else a new one.
                     * @example 3f0c7a52-52f4-4bd8-8a6e-0f6f5d1f9b11
                     */
                    "X-Request-Id": string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {string} */
                        code: "unauthenticated";
                    };
                };
            };
            /** @description `forbidden`: This key may not do that. */
            403: {
                headers: {
                    /**
                     * @description The request's id in the bridge's log: the one it came with, else a new one.
                     * @example 3f0c7a52-52f4-4bd8-8a6e-0f6f5d1f9b11
                     */
                    "X-Request-Id": string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {string} */
                        code: "forbidden";
                    };
                };
            };
            /** @description `not-found`: There is no such thing here. */
            404: {
                headers: {
                    /**
                     * @description The request's id in the bridge's log: the one it came with, else a new one.
                     * @example 3f0c7a52-52f4-4bd8-8a6e-0f6f5d1f9b11
                     */
                    "X-Request-Id": string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {string} */
                        code: "not-found";
                    };
                };
            };
            /** @description `too-large`: The request body is too large. */
            413: {
                headers: {
                    /**
                     * @description The request's id in the bridge's log: the one it came with, else a new one.
                     * @example 3f0c7a52-52f4-4bd8-8a6e-0f6f5d1f9b11
                     */
                    "X-Request-Id": string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {string} */
                        code: "too-large";
                    };
                };
            };
            /** @description `unsupported-media-type`: The request body has the wrong content type. */
            415: {
                headers: {
                    /**
                     * @description The request's id in the bridge's log: the one it came with, else a new one.
                     * @example 3f0c7a52-52f4-4bd8-8a6e-0f6f5d1f9b11
                     */
                    "X-Request-Id": string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {string} */
                        code: "unsupported-media-type";
                    };
                };
            };
            /** @description `invalid-config`: The change is not a valid one. `unsupported-parameter`: This feeder has no such parameter. `out-of-range`: A value is outside what this feeder takes. */
            422: {
                headers: {
                    /**
                     * @description The request's id in the bridge's log: the one it came with, else a new one.
                     * @example 3f0c7a52-52f4-4bd8-8a6e-0f6f5d1f9b11
                     */
                    "X-Request-Id": string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {string} */
                        code: "invalid-config" | "unsupported-parameter" | "out-of-range";
                    };
                };
            };
            /** @description `rate-limited`: Too many requests. */
            429: {
                headers: {
                    /**
                     * @description In how many seconds to try again.
                     * @example 2
                     */
                    "Retry-After": string;
                    /**
                     * @description The request's id in the bridge's log: the one it came with, else a new one.
                     * @example 3f0c7a52-52f4-4bd8-8a6e-0f6f5d1f9b11
                     */
                    "X-Request-Id": string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {string} */
                        code: "rate-limited";
                    };
                };
            };
            /** @description `internal-error`: The bridge failed. */
            500: {
                headers: {
                    /**
                     * @description The request's id in the bridge's log: the one it came with, else a new one.
                     * @example 3f0c7a52-52f4-4bd8-8a6e-0f6f5d1f9b11
                     */
                    "X-Request-Id": string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {string} */
                        code: "internal-error";
                    };
                };
            };
            /** @description `issuer-unavailable`: Whoever vouches for people is not reachable. `store-unavailable`: The database is not reachable. */
            503: {
                headers: {
                    /**
                     * @description In how many seconds to try again.
                     * @example 2
                     */
                    "Retry-After": string;
                    /**
                     * @description The request's id in the bridge's log: the one it came with, else a new one.
                     * @example 3f0c7a52-52f4-4bd8-8a6e-0f6f5d1f9b11
                     */
                    "X-Request-Id": string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {string} */
                        code: "issuer-unavailable" | "store-unavailable";
                    };
                };
            };
        };
    };
    acknowledgeAlarm: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description The id the feeder was enrolled with.
                 * @example pond-1
                 */
                feederId: string;
                /**
                 * @description The id of an alarm.
                 * @example 8d0e2a94-6f0b-4f1e-9a3c-2b7f6f1d0c55
                 */
                alarmId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The alarm, acknowledged. */
            200: {
                headers: {
                    /**
                     * @description The request's id in the bridge's log: the one it came with, else a new one.
                     * @example 3f0c7a52-52f4-4bd8-8a6e-0f6f5d1f9b11
                     */
                    "X-Request-Id": string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "alarmId": "8d0e2a94-6f0b-4f1e-9a3c-2b7f6f1d0c55",
                     *       "feederId": "pond-1",
                     *       "name": "motorJam",
                     *       "origin": "plc",
                     *       "severity": "critical",
                     *       "detail": "The PLC reports motorJam.",
                     *       "state": "open",
                     *       "raisedAt": "2026-01-31T08:00:00.000Z",
                     *       "clearedAt": null,
                     *       "acknowledgedAt": "2026-01-31T08:03:20.000Z",
                     *       "acknowledgedBy": "admin"
                     *     }
                     */
                    "application/json": components["schemas"]["Alarm"];
                };
            };
            /** @description `malformed`: The request could not be understood. */
            400: {
                headers: {
                    /**
                     * @description The request's id in the bridge's log: the one it came with, else a new one.
                     * @example 3f0c7a52-52f4-4bd8-8a6e-0f6f5d1f9b11
                     */
                    "X-Request-Id": string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {string} */
                        code: "malformed";
                    };
                };
            };
            /** @description `unauthenticated`: It is not known who asks. */
            401: {
                headers: {
                    /**
                     * @description How to say who asks.
                     * @example Bearer
                     */
                    "WWW-Authenticate": string;
                    /**
                     * @description The request's id in the bridge's log: the one it came with, else a new one.
                     * @example 3f0c7a52-52f4-4bd8-8a6e-0f6f5d1f9b11
                     */
                    "X-Request-Id": string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {string} */
                        code: "unauthenticated";
                    };
                };
            };
            /** @description `forbidden`: This key may not do that. */
            403: {
                headers: {
                    /**
                     * @description The request's id in the bridge's log: the one it came with, else a new one.
                     * @example 3f0c7a52-52f4-4bd8-8a6e-0f6f5d1f9b11
                     */
                    "X-Request-Id": string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {string} */
                        code: "forbidden";
                    };
                };
            };
            /** @description `not-found`: There is no such thing here. */
            404: {
                headers: {
                    /**
                     * @description The request's id in the bridge's log: the one it came with, else a new one.
                     * @example 3f0c7a52-52f4-4bd8-8a6e-0f6f5d1f9b11
                     */
                    "X-Request-Id": string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {string} */
                        code: "not-found";
                    };
                };
            };
            /** @description `rate-limited`: Too many requests. */
            429: {
                headers: {
                    /**
                     * @description In how many seconds to try again.
                     * @example 2
                     */
                    "Retry-After": string;
                    /**
                     * @description The request's id in the bridge's log: the one it came with, else a new one.
                     * @example 3f0c7a52-52f4-4bd8-8a6e-0f6f5d1f9b11
                     */
                    "X-Request-Id": string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {string} */
                        code: "rate-limited";
                    };
                };
            };
            /** @description `internal-error`: The bridge failed. */
            500: {
                headers: {
                    /**
                     * @description The request's id in the bridge's log: the one it came with, else a new one.
                     * @example 3f0c7a52-52f4-4bd8-8a6e-0f6f5d1f9b11
                     */
                    "X-Request-Id": string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {string} */
                        code: "internal-error";
                    };
                };
            };
            /** @description `issuer-unavailable`: Whoever vouches for people is not reachable. `store-unavailable`: The database is not reachable. */
            503: {
                headers: {
                    /**
                     * @description In how many seconds to try again.
                     * @example 2
                     */
                    "Retry-After": string;
                    /**
                     * @description The request's id in the bridge's log: the one it came with, else a new one.
                     * @example 3f0c7a52-52f4-4bd8-8a6e-0f6f5d1f9b11
                     */
                    "X-Request-Id": string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {string} */
                        code: "issuer-unavailable" | "store-unavailable";
                    };
                };
            };
        };
    };
    listWebhooks: {
        parameters: {
            query?: {
                /** @description How many items a page holds at most. */
                limit?: number;
                /** @description The `nextCursor` of the page before. */
                cursor?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description One page of webhooks. */
            200: {
                headers: {
                    /**
                     * @description The request's id in the bridge's log: the one it came with, else a new one.
                     * @example 3f0c7a52-52f4-4bd8-8a6e-0f6f5d1f9b11
                     */
                    "X-Request-Id": string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "items": [
                     *         {
                     *           "webhookId": "a4a1c1f2-52c1-4a83-9a3b-0f5d1a7f7f10",
                     *           "url": "https://farm.example/alarms",
                     *           "sites": [
                     *             "north-farm"
                     *           ],
                     *           "severities": [
                     *             "critical"
                     *           ],
                     *           "types": null,
                     *           "createdBy": "admin",
                     *           "createdAt": "2026-01-31T08:00:00.000Z"
                     *         }
                     *       ]
                     *     }
                     */
                    "application/json": components["schemas"]["WebhookPage"];
                };
            };
            /** @description `malformed`: The request could not be understood. */
            400: {
                headers: {
                    /**
                     * @description The request's id in the bridge's log: the one it came with, else a new one.
                     * @example 3f0c7a52-52f4-4bd8-8a6e-0f6f5d1f9b11
                     */
                    "X-Request-Id": string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {string} */
                        code: "malformed";
                    };
                };
            };
            /** @description `unauthenticated`: It is not known who asks. */
            401: {
                headers: {
                    /**
                     * @description How to say who asks.
                     * @example Bearer
                     */
                    "WWW-Authenticate": string;
                    /**
                     * @description The request's id in the bridge's log: the one it came with, else a new one.
                     * @example 3f0c7a52-52f4-4bd8-8a6e-0f6f5d1f9b11
                     */
                    "X-Request-Id": string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {string} */
                        code: "unauthenticated";
                    };
                };
            };
            /** @description `forbidden`: This key may not do that. */
            403: {
                headers: {
                    /**
                     * @description The request's id in the bridge's log: the one it came with, else a new one.
                     * @example 3f0c7a52-52f4-4bd8-8a6e-0f6f5d1f9b11
                     */
                    "X-Request-Id": string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {string} */
                        code: "forbidden";
                    };
                };
            };
            /** @description `rate-limited`: Too many requests. */
            429: {
                headers: {
                    /**
                     * @description In how many seconds to try again.
                     * @example 2
                     */
                    "Retry-After": string;
                    /**
                     * @description The request's id in the bridge's log: the one it came with, else a new one.
                     * @example 3f0c7a52-52f4-4bd8-8a6e-0f6f5d1f9b11
                     */
                    "X-Request-Id": string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {string} */
                        code: "rate-limited";
                    };
                };
            };
            /** @description `internal-error`: The bridge failed. */
            500: {
                headers: {
                    /**
                     * @description The request's id in the bridge's log: the one it came with, else a new one.
                     * @example 3f0c7a52-52f4-4bd8-8a6e-0f6f5d1f9b11
                     */
                    "X-Request-Id": string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {string} */
                        code: "internal-error";
                    };
                };
            };
            /** @description `issuer-unavailable`: Whoever vouches for people is not reachable. `store-unavailable`: The database is not reachable. */
            503: {
                headers: {
                    /**
                     * @description In how many seconds to try again.
                     * @example 2
                     */
                    "Retry-After": string;
                    /**
                     * @description The request's id in the bridge's log: the one it came with, else a new one.
                     * @example 3f0c7a52-52f4-4bd8-8a6e-0f6f5d1f9b11
                     */
                    "X-Request-Id": string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {string} */
                        code: "issuer-unavailable" | "store-unavailable";
                    };
                };
            };
        };
    };
    makeWebhook: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "url": "https://farm.example/alarms",
                 *       "sites": [
                 *         "north-farm"
                 *       ],
                 *       "severities": [
                 *         "critical"
                 *       ],
                 *       "types": null
                 *     }
                 */
                "application/json": components["schemas"]["WebhookRequest"];
            };
        };
        responses: {
            /** @description The webhook, with its secret. */
            201: {
                headers: {
                    /**
                     * @description The request's id in the bridge's log: the one it came with, else a new one.
                     * @example 3f0c7a52-52f4-4bd8-8a6e-0f6f5d1f9b11
                     */
                    "X-Request-Id": string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "webhookId": "a4a1c1f2-52c1-4a83-9a3b-0f5d1a7f7f10",
                     *       "url": "https://farm.example/alarms",
                     *       "sites": [
                     *         "north-farm"
                     *       ],
                     *       "severities": [
                     *         "critical"
                     *       ],
                     *       "types": null,
                     *       "createdBy": "admin",
                     *       "createdAt": "2026-01-31T08:00:00.000Z",
                     *       "secret": "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSwMfKQ9r8GKYo="
                     *     }
                     */
                    "application/json": components["schemas"]["NewWebhook"];
                };
            };
            /** @description `malformed`: The request could not be understood. */
            400: {
                headers: {
                    /**
                     * @description The request's id in the bridge's log: the one it came with, else a new one.
                     * @example 3f0c7a52-52f4-4bd8-8a6e-0f6f5d1f9b11
                     */
                    "X-Request-Id": string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {string} */
                        code: "malformed";
                    };
                };
            };
            /** @description `unauthenticated`: It is not known who asks. */
            401: {
                headers: {
                    /**
                     * @description How to say who asks.
                     * @example Bearer
                     */
                    "WWW-Authenticate": string;
                    /**
                     * @description The request's id in the bridge's log: the one it came with, else a new one.
                     * @example 3f0c7a52-52f4-4bd8-8a6e-0f6f5d1f9b11
                     */
                    "X-Request-Id": string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {string} */
                        code: "unauthenticated";
                    };
                };
            };
            /** @description `forbidden`: This key may not do that. */
            403: {
                headers: {
                    /**
                     * @description The request's id in the bridge's log: the one it came with, else a new one.
                     * @example 3f0c7a52-52f4-4bd8-8a6e-0f6f5d1f9b11
                     */
                    "X-Request-Id": string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {string} */
                        code: "forbidden";
                    };
                };
            };
            /** @description `too-large`: The request body is too large. */
            413: {
                headers: {
                    /**
                     * @description The request's id in the bridge's log: the one it came with, else a new one.
                     * @example 3f0c7a52-52f4-4bd8-8a6e-0f6f5d1f9b11
                     */
                    "X-Request-Id": string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {string} */
                        code: "too-large";
                    };
                };
            };
            /** @description `unsupported-media-type`: The request body has the wrong content type. */
            415: {
                headers: {
                    /**
                     * @description The request's id in the bridge's log: the one it came with, else a new one.
                     * @example 3f0c7a52-52f4-4bd8-8a6e-0f6f5d1f9b11
                     */
                    "X-Request-Id": string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {string} */
                        code: "unsupported-media-type";
                    };
                };
            };
            /** @description `rate-limited`: Too many requests. */
            429: {
                headers: {
                    /**
                     * @description In how many seconds to try again.
                     * @example 2
                     */
                    "Retry-After": string;
                    /**
                     * @description The request's id in the bridge's log: the one it came with, else a new one.
                     * @example 3f0c7a52-52f4-4bd8-8a6e-0f6f5d1f9b11
                     */
                    "X-Request-Id": string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {string} */
                        code: "rate-limited";
                    };
                };
            };
            /** @description `internal-error`: The bridge failed. */
            500: {
                headers: {
                    /**
                     * @description The request's id in the bridge's log: the one it came with, else a new one.
                     * @example 3f0c7a52-52f4-4bd8-8a6e-0f6f5d1f9b11
                     */
                    "X-Request-Id": string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {string} */
                        code: "internal-error";
                    };
                };
            };
            /** @description `issuer-unavailable`: Whoever vouches for people is not reachable. `store-unavailable`: The database is not reachable. */
            503: {
                headers: {
                    /**
                     * @description In how many seconds to try again.
                     * @example 2
                     */
                    "Retry-After": string;
                    /**
                     * @description The request's id in the bridge's log: the one it came with, else a new one.
                     * @example 3f0c7a52-52f4-4bd8-8a6e-0f6f5d1f9b11
                     */
                    "X-Request-Id": string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {string} */
                        code: "issuer-unavailable" | "store-unavailable";
                    };
                };
            };
        };
    };
    removeWebhook: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description The id of a webhook.
                 * @example a4a1c1f2-52c1-4a83-9a3b-0f5d1a7f7f10
                 */
                webhookId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description It is removed. */
            204: {
                headers: {
                    /**
                     * @description The request's id in the bridge's log: the one it came with, else a new one.
                     * @example 3f0c7a52-52f4-4bd8-8a6e-0f6f5d1f9b11
                     */
                    "X-Request-Id": string;
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description `malformed`: The request could not be understood. */
            400: {
                headers: {
                    /**
                     * @description The request's id in the bridge's log: the one it came with, else a new one.
                     * @example 3f0c7a52-52f4-4bd8-8a6e-0f6f5d1f9b11
                     */
                    "X-Request-Id": string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {string} */
                        code: "malformed";
                    };
                };
            };
            /** @description `unauthenticated`: It is not known who asks. */
            401: {
                headers: {
                    /**
                     * @description How to say who asks.
                     * @example Bearer
                     */
                    "WWW-Authenticate": string;
                    /**
                     * @description The request's id in the bridge's log: the one it came with, else a new one.
                     * @example 3f0c7a52-52f4-4bd8-8a6e-0f6f5d1f9b11
                     */
                    "X-Request-Id": string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {string} */
                        code: "unauthenticated";
                    };
                };
            };
            /** @description `forbidden`: This key may not do that. */
            403: {
                headers: {
                    /**
                     * @description The request's id in the bridge's log: the one it came with, else a new one.
                     * @example 3f0c7a52-52f4-4bd8-8a6e-0f6f5d1f9b11
                     */
                    "X-Request-Id": string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {string} */
                        code: "forbidden";
                    };
                };
            };
            /** @description `not-found`: There is no such thing here. */
            404: {
                headers: {
                    /**
                     * @description The request's id in the bridge's log: the one it came with, else a new one.
                     * @example 3f0c7a52-52f4-4bd8-8a6e-0f6f5d1f9b11
                     */
                    "X-Request-Id": string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {string} */
                        code: "not-found";
                    };
                };
            };
            /** @description `rate-limited`: Too many requests. */
            429: {
                headers: {
                    /**
                     * @description In how many seconds to try again.
                     * @example 2
                     */
                    "Retry-After": string;
                    /**
                     * @description The request's id in the bridge's log: the one it came with, else a new one.
                     * @example 3f0c7a52-52f4-4bd8-8a6e-0f6f5d1f9b11
                     */
                    "X-Request-Id": string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {string} */
                        code: "rate-limited";
                    };
                };
            };
            /** @description `internal-error`: The bridge failed. */
            500: {
                headers: {
                    /**
                     * @description The request's id in the bridge's log: the one it came with, else a new one.
                     * @example 3f0c7a52-52f4-4bd8-8a6e-0f6f5d1f9b11
                     */
                    "X-Request-Id": string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {string} */
                        code: "internal-error";
                    };
                };
            };
            /** @description `issuer-unavailable`: Whoever vouches for people is not reachable. `store-unavailable`: The database is not reachable. */
            503: {
                headers: {
                    /**
                     * @description In how many seconds to try again.
                     * @example 2
                     */
                    "Retry-After": string;
                    /**
                     * @description The request's id in the bridge's log: the one it came with, else a new one.
                     * @example 3f0c7a52-52f4-4bd8-8a6e-0f6f5d1f9b11
                     */
                    "X-Request-Id": string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {string} */
                        code: "issuer-unavailable" | "store-unavailable";
                    };
                };
            };
        };
    };
    listDeliveries: {
        parameters: {
            query?: {
                /** @description How many items a page holds at most. */
                limit?: number;
                /** @description The `nextCursor` of the page before. */
                cursor?: string;
            };
            header?: never;
            path: {
                /**
                 * @description The id of a webhook.
                 * @example a4a1c1f2-52c1-4a83-9a3b-0f5d1a7f7f10
                 */
                webhookId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description One page of deliveries. */
            200: {
                headers: {
                    /**
                     * @description The request's id in the bridge's log: the one it came with, else a new one.
                     * @example 3f0c7a52-52f4-4bd8-8a6e-0f6f5d1f9b11
                     */
                    "X-Request-Id": string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "items": [
                     *         {
                     *           "noticeId": "3f1c1f0e-6a51-4a67-8c1d-9d1f5b0c7a42",
                     *           "event": "alarm-raised",
                     *           "alarmId": "8d1f0c6e-1f5b-4f0e-9b7a-2c7c4b6a9e11",
                     *           "alarmName": "motorJam",
                     *           "feederId": "pond-1",
                     *           "state": "delivered",
                     *           "madeAt": "2026-01-31T08:04:59.960Z",
                     *           "attempts": 1,
                     *           "lastAttemptAt": "2026-01-31T08:05:00.000Z",
                     *           "lastResult": "answered 204",
                     *           "nextAttemptAt": null
                     *         }
                     *       ]
                     *     }
                     */
                    "application/json": components["schemas"]["DeliveryPage"];
                };
            };
            /** @description `malformed`: The request could not be understood. */
            400: {
                headers: {
                    /**
                     * @description The request's id in the bridge's log: the one it came with, else a new one.
                     * @example 3f0c7a52-52f4-4bd8-8a6e-0f6f5d1f9b11
                     */
                    "X-Request-Id": string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {string} */
                        code: "malformed";
                    };
                };
            };
            /** @description `unauthenticated`: It is not known who asks. */
            401: {
                headers: {
                    /**
                     * @description How to say who asks.
                     * @example Bearer
                     */
                    "WWW-Authenticate": string;
                    /**
                     * @description The request's id in the bridge's log: the one it came with, else a new one.
                     * @example 3f0c7a52-52f4-4bd8-8a6e-0f6f5d1f9b11
                     */
                    "X-Request-Id": string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {string} */
                        code: "unauthenticated";
                    };
                };
            };
            /** @description `forbidden`: This key may not do that. */
            403: {
                headers: {
                    /**
                     * @description The request's id in the bridge's log: the one it came with, else a new one.
                     * @example 3f0c7a52-52f4-4bd8-8a6e-0f6f5d1f9b11
                     */
                    "X-Request-Id": string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {string} */
                        code: "forbidden";
                    };
                };
            };
            /** @description `not-found`: There is no such thing here. */
            404: {
                headers: {
                    /**
                     * @description The request's id in the bridge's log: the one it came with, else a new one.
                     * @example 3f0c7a52-52f4-4bd8-8a6e-0f6f5d1f9b11
                     */
                    "X-Request-Id": string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {string} */
                        code: "not-found";
                    };
                };
            };
            /** @description `rate-limited`: Too many requests. */
            429: {
                headers: {
                    /**
                     * @description In how many seconds to try again.
                     * @example 2
                     */
                    "Retry-After": string;
                    /**
                     * @description The request's id in the bridge's log: the one it came with, else a new one.
                     * @example 3f0c7a52-52f4-4bd8-8a6e-0f6f5d1f9b11
                     */
                    "X-Request-Id": string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {string} */
                        code: "rate-limited";
                    };
                };
            };
            /** @description `internal-error`: The bridge failed. */
            500: {
                headers: {
                    /**
                     * @description The request's id in the bridge's log: the one it came with, else a new one.
                     * @example 3f0c7a52-52f4-4bd8-8a6e-0f6f5d1f9b11
                     */
                    "X-Request-Id": string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {string} */
                        code: "internal-error";
                    };
                };
            };
            /** @description `issuer-unavailable`: Whoever vouches for people is not reachable. `store-unavailable`: The database is not reachable. */
            503: {
                headers: {
                    /**
                     * @description In how many seconds to try again.
                     * @example 2
                     */
                    "Retry-After": string;
                    /**
                     * @description The request's id in the bridge's log: the one it came with, else a new one.
                     * @example 3f0c7a52-52f4-4bd8-8a6e-0f6f5d1f9b11
                     */
                    "X-Request-Id": string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {string} */
                        code: "issuer-unavailable" | "store-unavailable";
                    };
                };
            };
        };
    };
    listEmailContacts: {
        parameters: {
            query?: {
                /** @description How many items a page holds at most. */
                limit?: number;
                /** @description The `nextCursor` of the page before. */
                cursor?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description One page of contacts. */
            200: {
                headers: {
                    /**
                     * @description The request's id in the bridge's log: the one it came with, else a new one.
                     * @example 3f0c7a52-52f4-4bd8-8a6e-0f6f5d1f9b11
                     */
                    "X-Request-Id": string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "items": [
                     *         {
                     *           "emailContactId": "c1b7a2de-0b4f-4b52-8f3d-5a0f6e2d9c33",
                     *           "addresses": [
                     *             "kari@farm.example",
                     *             "on-duty@farm.example"
                     *           ],
                     *           "escalateAfterMinutes": 15,
                     *           "sites": [
                     *             "north-farm"
                     *           ],
                     *           "severities": null,
                     *           "createdBy": "admin",
                     *           "createdAt": "2026-01-31T08:00:00.000Z"
                     *         }
                     *       ]
                     *     }
                     */
                    "application/json": components["schemas"]["EmailContactPage"];
                };
            };
            /** @description `malformed`: The request could not be understood. */
            400: {
                headers: {
                    /**
                     * @description The request's id in the bridge's log: the one it came with, else a new one.
                     * @example 3f0c7a52-52f4-4bd8-8a6e-0f6f5d1f9b11
                     */
                    "X-Request-Id": string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {string} */
                        code: "malformed";
                    };
                };
            };
            /** @description `unauthenticated`: It is not known who asks. */
            401: {
                headers: {
                    /**
                     * @description How to say who asks.
                     * @example Bearer
                     */
                    "WWW-Authenticate": string;
                    /**
                     * @description The request's id in the bridge's log: the one it came with, else a new one.
                     * @example 3f0c7a52-52f4-4bd8-8a6e-0f6f5d1f9b11
                     */
                    "X-Request-Id": string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {string} */
                        code: "unauthenticated";
                    };
                };
            };
            /** @description `forbidden`: This key may not do that. */
            403: {
                headers: {
                    /**
                     * @description The request's id in the bridge's log: the one it came with, else a new one.
                     * @example 3f0c7a52-52f4-4bd8-8a6e-0f6f5d1f9b11
                     */
                    "X-Request-Id": string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {string} */
                        code: "forbidden";
                    };
                };
            };
            /** @description `rate-limited`: Too many requests. */
            429: {
                headers: {
                    /**
                     * @description In how many seconds to try again.
                     * @example 2
                     */
                    "Retry-After": string;
                    /**
                     * @description The request's id in the bridge's log: the one it came with, else a new one.
                     * @example 3f0c7a52-52f4-4bd8-8a6e-0f6f5d1f9b11
                     */
                    "X-Request-Id": string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {string} */
                        code: "rate-limited";
                    };
                };
            };
            /** @description `internal-error`: The bridge failed. */
            500: {
                headers: {
                    /**
                     * @description The request's id in the bridge's log: the one it came with, else a new one.
                     * @example 3f0c7a52-52f4-4bd8-8a6e-0f6f5d1f9b11
                     */
                    "X-Request-Id": string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {string} */
                        code: "internal-error";
                    };
                };
            };
            /** @description `issuer-unavailable`: Whoever vouches for people is not reachable. `store-unavailable`: The database is not reachable. */
            503: {
                headers: {
                    /**
                     * @description In how many seconds to try again.
                     * @example 2
                     */
                    "Retry-After": string;
                    /**
                     * @description The request's id in the bridge's log: the one it came with, else a new one.
                     * @example 3f0c7a52-52f4-4bd8-8a6e-0f6f5d1f9b11
                     */
                    "X-Request-Id": string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {string} */
                        code: "issuer-unavailable" | "store-unavailable";
                    };
                };
            };
        };
    };
    makeEmailContact: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "addresses": [
                 *         "kari@farm.example",
                 *         "on-duty@farm.example"
                 *       ],
                 *       "escalateAfterMinutes": 15,
                 *       "sites": [
                 *         "north-farm"
                 *       ],
                 *       "severities": null
                 *     }
                 */
                "application/json": components["schemas"]["EmailContactRequest"];
            };
        };
        responses: {
            /** @description The contact. */
            201: {
                headers: {
                    /**
                     * @description The request's id in the bridge's log: the one it came with, else a new one.
                     * @example 3f0c7a52-52f4-4bd8-8a6e-0f6f5d1f9b11
                     */
                    "X-Request-Id": string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "emailContactId": "c1b7a2de-0b4f-4b52-8f3d-5a0f6e2d9c33",
                     *       "addresses": [
                     *         "kari@farm.example",
                     *         "on-duty@farm.example"
                     *       ],
                     *       "escalateAfterMinutes": 15,
                     *       "sites": [
                     *         "north-farm"
                     *       ],
                     *       "severities": null,
                     *       "createdBy": "admin",
                     *       "createdAt": "2026-01-31T08:00:00.000Z"
                     *     }
                     */
                    "application/json": components["schemas"]["EmailContact"];
                };
            };
            /** @description `malformed`: The request could not be understood. */
            400: {
                headers: {
                    /**
                     * @description The request's id in the bridge's log: the one it came with, else a new one.
                     * @example 3f0c7a52-52f4-4bd8-8a6e-0f6f5d1f9b11
                     */
                    "X-Request-Id": string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {string} */
                        code: "malformed";
                    };
                };
            };
            /** @description `unauthenticated`: It is not known who asks. */
            401: {
                headers: {
                    /**
                     * @description How to say who asks.
                     * @example Bearer
                     */
                    "WWW-Authenticate": string;
                    /**
                     * @description The request's id in the bridge's log: the one it came with, else a new one.
                     * @example 3f0c7a52-52f4-4bd8-8a6e-0f6f5d1f9b11
                     */
                    "X-Request-Id": string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {string} */
                        code: "unauthenticated";
                    };
                };
            };
            /** @description `forbidden`: This key may not do that. */
            403: {
                headers: {
                    /**
                     * @description The request's id in the bridge's log: the one it came with, else a new one.
                     * @example 3f0c7a52-52f4-4bd8-8a6e-0f6f5d1f9b11
                     */
                    "X-Request-Id": string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {string} */
                        code: "forbidden";
                    };
                };
            };
            /** @description `email-not-set-up`: This bridge sends no e-mail. */
            409: {
                headers: {
                    /**
                     * @description The request's id in the bridge's log: the one it came with, else a new one.
                     * @example 3f0c7a52-52f4-4bd8-8a6e-0f6f5d1f9b11
                     */
                    "X-Request-Id": string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {string} */
                        code: "email-not-set-up";
                    };
                };
            };
            /** @description `too-large`: The request body is too large. */
            413: {
                headers: {
                    /**
                     * @description The request's id in the bridge's log: the one it came with, else a new one.
                     * @example 3f0c7a52-52f4-4bd8-8a6e-0f6f5d1f9b11
                     */
                    "X-Request-Id": string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {string} */
                        code: "too-large";
                    };
                };
            };
            /** @description `unsupported-media-type`: The request body has the wrong content type. */
            415: {
                headers: {
                    /**
                     * @description The request's id in the bridge's log: the one it came with, else a new one.
                     * @example 3f0c7a52-52f4-4bd8-8a6e-0f6f5d1f9b11
                     */
                    "X-Request-Id": string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {string} */
                        code: "unsupported-media-type";
                    };
                };
            };
            /** @description `rate-limited`: Too many requests. */
            429: {
                headers: {
                    /**
                     * @description In how many seconds to try again.
                     * @example 2
                     */
                    "Retry-After": string;
                    /**
                     * @description The request's id in the bridge's log: the one it came with, else a new one.
                     * @example 3f0c7a52-52f4-4bd8-8a6e-0f6f5d1f9b11
                     */
                    "X-Request-Id": string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {string} */
                        code: "rate-limited";
                    };
                };
            };
            /** @description `internal-error`: The bridge failed. */
            500: {
                headers: {
                    /**
                     * @description The request's id in the bridge's log: the one it came with, else a new one.
                     * @example 3f0c7a52-52f4-4bd8-8a6e-0f6f5d1f9b11
                     */
                    "X-Request-Id": string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {string} */
                        code: "internal-error";
                    };
                };
            };
            /** @description `issuer-unavailable`: Whoever vouches for people is not reachable. `store-unavailable`: The database is not reachable. */
            503: {
                headers: {
                    /**
                     * @description In how many seconds to try again.
                     * @example 2
                     */
                    "Retry-After": string;
                    /**
                     * @description The request's id in the bridge's log: the one it came with, else a new one.
                     * @example 3f0c7a52-52f4-4bd8-8a6e-0f6f5d1f9b11
                     */
                    "X-Request-Id": string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {string} */
                        code: "issuer-unavailable" | "store-unavailable";
                    };
                };
            };
        };
    };
    removeEmailContact: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description The id of an e-mail contact.
                 * @example c1b7a2de-0b4f-4b52-8f3d-5a0f6e2d9c33
                 */
                emailContactId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description It is removed. */
            204: {
                headers: {
                    /**
                     * @description The request's id in the bridge's log: the one it came with, else a new one.
                     * @example 3f0c7a52-52f4-4bd8-8a6e-0f6f5d1f9b11
                     */
                    "X-Request-Id": string;
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description `malformed`: The request could not be understood. */
            400: {
                headers: {
                    /**
                     * @description The request's id in the bridge's log: the one it came with, else a new one.
                     * @example 3f0c7a52-52f4-4bd8-8a6e-0f6f5d1f9b11
                     */
                    "X-Request-Id": string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {string} */
                        code: "malformed";
                    };
                };
            };
            /** @description `unauthenticated`: It is not known who asks. */
            401: {
                headers: {
                    /**
                     * @description How to say who asks.
                     * @example Bearer
                     */
                    "WWW-Authenticate": string;
                    /**
                     * @description The request's id in the bridge's log: the one it came with, else a new one.
                     * @example 3f0c7a52-52f4-4bd8-8a6e-0f6f5d1f9b11
                     */
                    "X-Request-Id": string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {string} */
                        code: "unauthenticated";
                    };
                };
            };
            /** @description `forbidden`: This key may not do that. */
            403: {
                headers: {
                    /**
                     * @description The request's id in the bridge's log: the one it came with, else a new one.
                     * @example 3f0c7a52-52f4-4bd8-8a6e-0f6f5d1f9b11
                     */
                    "X-Request-Id": string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {string} */
                        code: "forbidden";
                    };
                };
            };
            /** @description `not-found`: There is no such thing here. */
            404: {
                headers: {
                    /**
                     * @description The request's id in the bridge's log: the one it came with, else a new one.
                     * @example 3f0c7a52-52f4-4bd8-8a6e-0f6f5d1f9b11
                     */
                    "X-Request-Id": string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {string} */
                        code: "not-found";
                    };
                };
            };
            /** @description `rate-limited`: Too many requests. */
            429: {
                headers: {
                    /**
                     * @description In how many seconds to try again.
                     * @example 2
                     */
                    "Retry-After": string;
                    /**
                     * @description The request's id in the bridge's log: the one it came with, else a new one.
                     * @example 3f0c7a52-52f4-4bd8-8a6e-0f6f5d1f9b11
                     */
                    "X-Request-Id": string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {string} */
                        code: "rate-limited";
                    };
                };
            };
            /** @description `internal-error`: The bridge failed. */
            500: {
                headers: {
                    /**
                     * @description The request's id in the bridge's log: the one it came with, else a new one.
                     * @example 3f0c7a52-52f4-4bd8-8a6e-0f6f5d1f9b11
                     */
                    "X-Request-Id": string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {string} */
                        code: "internal-error";
                    };
                };
            };
            /** @description `issuer-unavailable`: Whoever vouches for people is not reachable. `store-unavailable`: The database is not reachable. */
            503: {
                headers: {
                    /**
                     * @description In how many seconds to try again.
                     * @example 2
                     */
                    "Retry-After": string;
                    /**
                     * @description The request's id in the bridge's log: the one it came with, else a new one.
                     * @example 3f0c7a52-52f4-4bd8-8a6e-0f6f5d1f9b11
                     */
                    "X-Request-Id": string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {string} */
                        code: "issuer-unavailable" | "store-unavailable";
                    };
                };
            };
        };
    };
    listAudit: {
        parameters: {
            query?: {
                /** @description How many items a page holds at most. */
                limit?: number;
                /** @description The `nextCursor` of the page before. */
                cursor?: string;
                /**
                 * @description Since when; 7 days before `to` unless given.
                 * @example 2026-01-31T08:00:00.000Z
                 */
                from?: string;
                /**
                 * @description Until when, that moment left out; now unless given.
                 * @example 2026-01-31T08:00:00.000Z
                 */
                to?: string;
                /** @description Only what is about this feeder. */
                feeder?: string;
                /**
                 * @description Only this action.
                 * @example changeConfig
                 */
                action?: string;
                /** @description Only what was done or tried by the author with this id or name. */
                author?: string;
                /** @description Only what ended so. */
                result?: "done" | "refused" | "indeterminate";
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A page of entries. */
            200: {
                headers: {
                    /**
                     * @description The request's id in the bridge's log: the one it came with, else a new one.
                     * @example 3f0c7a52-52f4-4bd8-8a6e-0f6f5d1f9b11
                     */
                    "X-Request-Id": string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "items": [
                     *         {
                     *           "auditEntryId": "0c7f4f1e-2d3b-4a55-8a3e-9b1c2d3e4f50",
                     *           "at": "2026-01-31T08:00:00.420Z",
                     *           "author": {
                     *             "kind": "key",
                     *             "id": "6f1c9a52-7f0e-4d6c-9d55-4c1f7f3f0c11",
                     *             "name": "farm-office",
                     *             "address": "203.0.113.7",
                     *             "requestId": "5a0c51c5-9d0e-4f3c-8d4f-0b0c1f6a7e21"
                     *           },
                     *           "action": "changeConfig",
                     *           "site": "north-farm",
                     *           "sites": [
                     *             "north-farm"
                     *           ],
                     *           "feederId": "pond-1",
                     *           "target": "9a4b6c1e-0d7f-4a43-9a0e-5b8c0d1e2f33",
                     *           "result": "done",
                     *           "code": null,
                     *           "times": 1,
                     *           "asked": {
                     *             "kind": "set-config",
                     *             "mealGrams": 120
                     *           },
                     *           "before": {
                     *             "mealGrams": 90
                     *           },
                     *           "after": {
                     *             "mealGrams": 120
                     *           }
                     *         }
                     *       ]
                     *     }
                     */
                    "application/json": components["schemas"]["AuditPage"];
                    /**
                     * @example at,authorKind,authorId,authorName,address,requestId,action,sites,feederId,target,result,code,times,asked,before,after
                     *     2026-01-31T08:00:00.420Z,key,,farm-office,203.0.113.7,,changeConfig,north-farm,pond-1,,done,,1,,,
                     */
                    "text/csv": components["schemas"]["Csv"];
                };
            };
            /** @description `malformed`: The request could not be understood. */
            400: {
                headers: {
                    /**
                     * @description The request's id in the bridge's log: the one it came with, else a new one.
                     * @example 3f0c7a52-52f4-4bd8-8a6e-0f6f5d1f9b11
                     */
                    "X-Request-Id": string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {string} */
                        code: "malformed";
                    };
                };
            };
            /** @description `unauthenticated`: It is not known who asks. */
            401: {
                headers: {
                    /**
                     * @description How to say who asks.
                     * @example Bearer
                     */
                    "WWW-Authenticate": string;
                    /**
                     * @description The request's id in the bridge's log: the one it came with, else a new one.
                     * @example 3f0c7a52-52f4-4bd8-8a6e-0f6f5d1f9b11
                     */
                    "X-Request-Id": string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {string} */
                        code: "unauthenticated";
                    };
                };
            };
            /** @description `forbidden`: This key may not do that. */
            403: {
                headers: {
                    /**
                     * @description The request's id in the bridge's log: the one it came with, else a new one.
                     * @example 3f0c7a52-52f4-4bd8-8a6e-0f6f5d1f9b11
                     */
                    "X-Request-Id": string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {string} */
                        code: "forbidden";
                    };
                };
            };
            /** @description `rate-limited`: Too many requests. */
            429: {
                headers: {
                    /**
                     * @description In how many seconds to try again.
                     * @example 2
                     */
                    "Retry-After": string;
                    /**
                     * @description The request's id in the bridge's log: the one it came with, else a new one.
                     * @example 3f0c7a52-52f4-4bd8-8a6e-0f6f5d1f9b11
                     */
                    "X-Request-Id": string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {string} */
                        code: "rate-limited";
                    };
                };
            };
            /** @description `internal-error`: The bridge failed. */
            500: {
                headers: {
                    /**
                     * @description The request's id in the bridge's log: the one it came with, else a new one.
                     * @example 3f0c7a52-52f4-4bd8-8a6e-0f6f5d1f9b11
                     */
                    "X-Request-Id": string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {string} */
                        code: "internal-error";
                    };
                };
            };
            /** @description `issuer-unavailable`: Whoever vouches for people is not reachable. `store-unavailable`: The database is not reachable. */
            503: {
                headers: {
                    /**
                     * @description In how many seconds to try again.
                     * @example 2
                     */
                    "Retry-After": string;
                    /**
                     * @description The request's id in the bridge's log: the one it came with, else a new one.
                     * @example 3f0c7a52-52f4-4bd8-8a6e-0f6f5d1f9b11
                     */
                    "X-Request-Id": string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {string} */
                        code: "issuer-unavailable" | "store-unavailable";
                    };
                };
            };
        };
    };
    listKeys: {
        parameters: {
            query?: {
                /** @description How many items a page holds at most. */
                limit?: number;
                /** @description The `nextCursor` of the page before. */
                cursor?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description One page of keys. */
            200: {
                headers: {
                    /**
                     * @description The request's id in the bridge's log: the one it came with, else a new one.
                     * @example 3f0c7a52-52f4-4bd8-8a6e-0f6f5d1f9b11
                     */
                    "X-Request-Id": string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "items": [
                     *         {
                     *           "apiKeyId": "3e8f7a52-94f4-4a0c-8a53-0d5a2be1c6f7",
                     *           "name": "Kari's phone",
                     *           "role": "operator",
                     *           "sites": [
                     *             "north-farm"
                     *           ],
                     *           "createdAt": "2026-01-31T08:00:00.000Z",
                     *           "createdBy": "admin",
                     *           "expiresAt": "2027-01-31T16:00:00.000Z",
                     *           "lastUsedAt": null
                     *         }
                     *       ]
                     *     }
                     */
                    "application/json": components["schemas"]["KeyPage"];
                };
            };
            /** @description `malformed`: The request could not be understood. */
            400: {
                headers: {
                    /**
                     * @description The request's id in the bridge's log: the one it came with, else a new one.
                     * @example 3f0c7a52-52f4-4bd8-8a6e-0f6f5d1f9b11
                     */
                    "X-Request-Id": string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {string} */
                        code: "malformed";
                    };
                };
            };
            /** @description `unauthenticated`: It is not known who asks. */
            401: {
                headers: {
                    /**
                     * @description How to say who asks.
                     * @example Bearer
                     */
                    "WWW-Authenticate": string;
                    /**
                     * @description The request's id in the bridge's log: the one it came with, else a new one.
                     * @example 3f0c7a52-52f4-4bd8-8a6e-0f6f5d1f9b11
                     */
                    "X-Request-Id": string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {string} */
                        code: "unauthenticated";
                    };
                };
            };
            /** @description `forbidden`: This key may not do that. */
            403: {
                headers: {
                    /**
                     * @description The request's id in the bridge's log: the one it came with, else a new one.
                     * @example 3f0c7a52-52f4-4bd8-8a6e-0f6f5d1f9b11
                     */
                    "X-Request-Id": string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {string} */
                        code: "forbidden";
                    };
                };
            };
            /** @description `rate-limited`: Too many requests. */
            429: {
                headers: {
                    /**
                     * @description In how many seconds to try again.
                     * @example 2
                     */
                    "Retry-After": string;
                    /**
                     * @description The request's id in the bridge's log: the one it came with, else a new one.
                     * @example 3f0c7a52-52f4-4bd8-8a6e-0f6f5d1f9b11
                     */
                    "X-Request-Id": string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {string} */
                        code: "rate-limited";
                    };
                };
            };
            /** @description `issuer-unavailable`: Whoever vouches for people is not reachable. */
            503: {
                headers: {
                    /**
                     * @description In how many seconds to try again.
                     * @example 2
                     */
                    "Retry-After": string;
                    /**
                     * @description The request's id in the bridge's log: the one it came with, else a new one.
                     * @example 3f0c7a52-52f4-4bd8-8a6e-0f6f5d1f9b11
                     */
                    "X-Request-Id": string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {string} */
                        code: "issuer-unavailable";
                    };
                };
            };
        };
    };
    makeKey: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "name": "Kari's phone",
                 *       "role": "operator",
                 *       "sites": [
                 *         "north-farm"
                 *       ],
                 *       "expiresAt": "2027-01-31T16:00:00.000Z"
                 *     }
                 */
                "application/json": components["schemas"]["KeyRequest"];
            };
        };
        responses: {
            /** @description The key. */
            201: {
                headers: {
                    /**
                     * @description The request's id in the bridge's log: the one it came with, else a new one.
                     * @example 3f0c7a52-52f4-4bd8-8a6e-0f6f5d1f9b11
                     */
                    "X-Request-Id": string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "apiKeyId": "3e8f7a52-94f4-4a0c-8a53-0d5a2be1c6f7",
                     *       "name": "Kari's phone",
                     *       "role": "operator",
                     *       "sites": [
                     *         "north-farm"
                     *       ],
                     *       "createdAt": "2026-01-31T08:00:00.000Z",
                     *       "createdBy": "admin",
                     *       "expiresAt": "2027-01-31T16:00:00.000Z",
                     *       "lastUsedAt": null,
                     *       "key": "Uq3mJ0c5o1vY2wq8s7dZkX4nE6tB9hLrPaGfViWjMxA"
                     *     }
                     */
                    "application/json": components["schemas"]["NewKey"];
                };
            };
            /** @description `malformed`: The request could not be understood. */
            400: {
                headers: {
                    /**
                     * @description The request's id in the bridge's log: the one it came with, else a new one.
                     * @example 3f0c7a52-52f4-4bd8-8a6e-0f6f5d1f9b11
                     */
                    "X-Request-Id": string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {string} */
                        code: "malformed";
                    };
                };
            };
            /** @description `unauthenticated`: It is not known who asks. */
            401: {
                headers: {
                    /**
                     * @description How to say who asks.
                     * @example Bearer
                     */
                    "WWW-Authenticate": string;
                    /**
                     * @description The request's id in the bridge's log: the one it came with, else a new one.
                     * @example 3f0c7a52-52f4-4bd8-8a6e-0f6f5d1f9b11
                     */
                    "X-Request-Id": string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {string} */
                        code: "unauthenticated";
                    };
                };
            };
            /** @description `forbidden`: This key may not do that. */
            403: {
                headers: {
                    /**
                     * @description The request's id in the bridge's log: the one it came with, else a new one.
                     * @example 3f0c7a52-52f4-4bd8-8a6e-0f6f5d1f9b11
                     */
                    "X-Request-Id": string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {string} */
                        code: "forbidden";
                    };
                };
            };
            /** @description `key-exists`: A key with this name is there already. */
            409: {
                headers: {
                    /**
                     * @description The request's id in the bridge's log: the one it came with, else a new one.
                     * @example 3f0c7a52-52f4-4bd8-8a6e-0f6f5d1f9b11
                     */
                    "X-Request-Id": string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {string} */
                        code: "key-exists";
                    };
                };
            };
            /** @description `too-large`: The request body is too large. */
            413: {
                headers: {
                    /**
                     * @description The request's id in the bridge's log: the one it came with, else a new one.
                     * @example 3f0c7a52-52f4-4bd8-8a6e-0f6f5d1f9b11
                     */
                    "X-Request-Id": string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {string} */
                        code: "too-large";
                    };
                };
            };
            /** @description `unsupported-media-type`: The request body has the wrong content type. */
            415: {
                headers: {
                    /**
                     * @description The request's id in the bridge's log: the one it came with, else a new one.
                     * @example 3f0c7a52-52f4-4bd8-8a6e-0f6f5d1f9b11
                     */
                    "X-Request-Id": string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {string} */
                        code: "unsupported-media-type";
                    };
                };
            };
            /** @description `rate-limited`: Too many requests. */
            429: {
                headers: {
                    /**
                     * @description In how many seconds to try again.
                     * @example 2
                     */
                    "Retry-After": string;
                    /**
                     * @description The request's id in the bridge's log: the one it came with, else a new one.
                     * @example 3f0c7a52-52f4-4bd8-8a6e-0f6f5d1f9b11
                     */
                    "X-Request-Id": string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {string} */
                        code: "rate-limited";
                    };
                };
            };
            /** @description `internal-error`: The bridge failed. */
            500: {
                headers: {
                    /**
                     * @description The request's id in the bridge's log: the one it came with, else a new one.
                     * @example 3f0c7a52-52f4-4bd8-8a6e-0f6f5d1f9b11
                     */
                    "X-Request-Id": string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {string} */
                        code: "internal-error";
                    };
                };
            };
            /** @description `issuer-unavailable`: Whoever vouches for people is not reachable. `store-unavailable`: The database is not reachable. */
            503: {
                headers: {
                    /**
                     * @description In how many seconds to try again.
                     * @example 2
                     */
                    "Retry-After": string;
                    /**
                     * @description The request's id in the bridge's log: the one it came with, else a new one.
                     * @example 3f0c7a52-52f4-4bd8-8a6e-0f6f5d1f9b11
                     */
                    "X-Request-Id": string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {string} */
                        code: "issuer-unavailable" | "store-unavailable";
                    };
                };
            };
        };
    };
    revokeKey: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description The id of a key.
                 * @example 3e8f7a52-94f4-4a0c-8a53-0d5a2be1c6f7
                 */
                apiKeyId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description It is revoked. */
            204: {
                headers: {
                    /**
                     * @description The request's id in the bridge's log: the one it came with, else a new one.
                     * @example 3f0c7a52-52f4-4bd8-8a6e-0f6f5d1f9b11
                     */
                    "X-Request-Id": string;
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description `malformed`: The request could not be understood. */
            400: {
                headers: {
                    /**
                     * @description The request's id in the bridge's log: the one it came with, else a new one.
                     * @example 3f0c7a52-52f4-4bd8-8a6e-0f6f5d1f9b11
                     */
                    "X-Request-Id": string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {string} */
                        code: "malformed";
                    };
                };
            };
            /** @description `unauthenticated`: It is not known who asks. */
            401: {
                headers: {
                    /**
                     * @description How to say who asks.
                     * @example Bearer
                     */
                    "WWW-Authenticate": string;
                    /**
                     * @description The request's id in the bridge's log: the one it came with, else a new one.
                     * @example 3f0c7a52-52f4-4bd8-8a6e-0f6f5d1f9b11
                     */
                    "X-Request-Id": string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {string} */
                        code: "unauthenticated";
                    };
                };
            };
            /** @description `forbidden`: This key may not do that. */
            403: {
                headers: {
                    /**
                     * @description The request's id in the bridge's log: the one it came with, else a new one.
                     * @example 3f0c7a52-52f4-4bd8-8a6e-0f6f5d1f9b11
                     */
                    "X-Request-Id": string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {string} */
                        code: "forbidden";
                    };
                };
            };
            /** @description `not-found`: There is no such thing here. */
            404: {
                headers: {
                    /**
                     * @description The request's id in the bridge's log: the one it came with, else a new one.
                     * @example 3f0c7a52-52f4-4bd8-8a6e-0f6f5d1f9b11
                     */
                    "X-Request-Id": string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {string} */
                        code: "not-found";
                    };
                };
            };
            /** @description `rate-limited`: Too many requests. */
            429: {
                headers: {
                    /**
                     * @description In how many seconds to try again.
                     * @example 2
                     */
                    "Retry-After": string;
                    /**
                     * @description The request's id in the bridge's log: the one it came with, else a new one.
                     * @example 3f0c7a52-52f4-4bd8-8a6e-0f6f5d1f9b11
                     */
                    "X-Request-Id": string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {string} */
                        code: "rate-limited";
                    };
                };
            };
            /** @description `internal-error`: The bridge failed. */
            500: {
                headers: {
                    /**
                     * @description The request's id in the bridge's log: the one it came with, else a new one.
                     * @example 3f0c7a52-52f4-4bd8-8a6e-0f6f5d1f9b11
                     */
                    "X-Request-Id": string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {string} */
                        code: "internal-error";
                    };
                };
            };
            /** @description `issuer-unavailable`: Whoever vouches for people is not reachable. `store-unavailable`: The database is not reachable. */
            503: {
                headers: {
                    /**
                     * @description In how many seconds to try again.
                     * @example 2
                     */
                    "Retry-After": string;
                    /**
                     * @description The request's id in the bridge's log: the one it came with, else a new one.
                     * @example 3f0c7a52-52f4-4bd8-8a6e-0f6f5d1f9b11
                     */
                    "X-Request-Id": string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {string} */
                        code: "issuer-unavailable" | "store-unavailable";
                    };
                };
            };
        };
    };
    getMe: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Who asks. */
            200: {
                headers: {
                    /**
                     * @description The request's id in the bridge's log: the one it came with, else a new one.
                     * @example 3f0c7a52-52f4-4bd8-8a6e-0f6f5d1f9b11
                     */
                    "X-Request-Id": string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "name": "Kari's phone",
                     *       "kind": "key",
                     *       "role": "operator",
                     *       "sites": [
                     *         "north-farm"
                     *       ],
                     *       "expiresAt": "2027-01-31T16:00:00.000Z"
                     *     }
                     */
                    "application/json": components["schemas"]["Me"];
                };
            };
            /** @description `unauthenticated`: It is not known who asks. */
            401: {
                headers: {
                    /**
                     * @description How to say who asks.
                     * @example Bearer
                     */
                    "WWW-Authenticate": string;
                    /**
                     * @description The request's id in the bridge's log: the one it came with, else a new one.
                     * @example 3f0c7a52-52f4-4bd8-8a6e-0f6f5d1f9b11
                     */
                    "X-Request-Id": string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {string} */
                        code: "unauthenticated";
                    };
                };
            };
            /** @description `rate-limited`: Too many requests. */
            429: {
                headers: {
                    /**
                     * @description In how many seconds to try again.
                     * @example 2
                     */
                    "Retry-After": string;
                    /**
                     * @description The request's id in the bridge's log: the one it came with, else a new one.
                     * @example 3f0c7a52-52f4-4bd8-8a6e-0f6f5d1f9b11
                     */
                    "X-Request-Id": string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {string} */
                        code: "rate-limited";
                    };
                };
            };
            /** @description `issuer-unavailable`: Whoever vouches for people is not reachable. */
            503: {
                headers: {
                    /**
                     * @description In how many seconds to try again.
                     * @example 2
                     */
                    "Retry-After": string;
                    /**
                     * @description The request's id in the bridge's log: the one it came with, else a new one.
                     * @example 3f0c7a52-52f4-4bd8-8a6e-0f6f5d1f9b11
                     */
                    "X-Request-Id": string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {string} */
                        code: "issuer-unavailable";
                    };
                };
            };
        };
    };
    makeSignInCode: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "uses": 1,
                 *       "validSeconds": 300
                 *     }
                 */
                "application/json": components["schemas"]["SignInCodeRequest"];
            };
        };
        responses: {
            /** @description The code, shown once. */
            201: {
                headers: {
                    /**
                     * @description The request's id in the bridge's log: the one it came with, else a new one.
                     * @example 3f0c7a52-52f4-4bd8-8a6e-0f6f5d1f9b11
                     */
                    "X-Request-Id": string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "code": "hK2xR8vN4sQ1mZ7cT0wJ5bY9uE3gA6dLpF8iOqXkVrM",
                     *       "expiresAt": "2026-01-31T08:05:00.000Z"
                     *     }
                     */
                    "application/json": components["schemas"]["SignInCode"];
                };
            };
            /** @description `malformed`: The request could not be understood. */
            400: {
                headers: {
                    /**
                     * @description The request's id in the bridge's log: the one it came with, else a new one.
                     * @example 3f0c7a52-52f4-4bd8-8a6e-0f6f5d1f9b11
                     */
                    "X-Request-Id": string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {string} */
                        code: "malformed";
                    };
                };
            };
            /** @description `unauthenticated`: It is not known who asks. */
            401: {
                headers: {
                    /**
                     * @description How to say who asks.
                     * @example Bearer
                     */
                    "WWW-Authenticate": string;
                    /**
                     * @description The request's id in the bridge's log: the one it came with, else a new one.
                     * @example 3f0c7a52-52f4-4bd8-8a6e-0f6f5d1f9b11
                     */
                    "X-Request-Id": string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {string} */
                        code: "unauthenticated";
                    };
                };
            };
            /** @description `too-large`: The request body is too large. */
            413: {
                headers: {
                    /**
                     * @description The request's id in the bridge's log: the one it came with, else a new one.
                     * @example 3f0c7a52-52f4-4bd8-8a6e-0f6f5d1f9b11
                     */
                    "X-Request-Id": string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {string} */
                        code: "too-large";
                    };
                };
            };
            /** @description `unsupported-media-type`: The request body has the wrong content type. */
            415: {
                headers: {
                    /**
                     * @description The request's id in the bridge's log: the one it came with, else a new one.
                     * @example 3f0c7a52-52f4-4bd8-8a6e-0f6f5d1f9b11
                     */
                    "X-Request-Id": string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {string} */
                        code: "unsupported-media-type";
                    };
                };
            };
            /** @description `rate-limited`: Too many requests. */
            429: {
                headers: {
                    /**
                     * @description In how many seconds to try again.
                     * @example 2
                     */
                    "Retry-After": string;
                    /**
                     * @description The request's id in the bridge's log: the one it came with, else a new one.
                     * @example 3f0c7a52-52f4-4bd8-8a6e-0f6f5d1f9b11
                     */
                    "X-Request-Id": string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {string} */
                        code: "rate-limited";
                    };
                };
            };
            /** @description `internal-error`: The bridge failed. */
            500: {
                headers: {
                    /**
                     * @description The request's id in the bridge's log: the one it came with, else a new one.
                     * @example 3f0c7a52-52f4-4bd8-8a6e-0f6f5d1f9b11
                     */
                    "X-Request-Id": string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {string} */
                        code: "internal-error";
                    };
                };
            };
            /** @description `issuer-unavailable`: Whoever vouches for people is not reachable. `store-unavailable`: The database is not reachable. */
            503: {
                headers: {
                    /**
                     * @description In how many seconds to try again.
                     * @example 2
                     */
                    "Retry-After": string;
                    /**
                     * @description The request's id in the bridge's log: the one it came with, else a new one.
                     * @example 3f0c7a52-52f4-4bd8-8a6e-0f6f5d1f9b11
                     */
                    "X-Request-Id": string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {string} */
                        code: "issuer-unavailable" | "store-unavailable";
                    };
                };
            };
        };
    };
    signIn: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "code": "hK2xR8vN4sQ1mZ7cT0wJ5bY9uE3gA6dLpF8iOqXkVrM"
                 *     }
                 */
                "application/json": components["schemas"]["SignInRequest"];
            };
        };
        responses: {
            /** @description Signed in. */
            201: {
                headers: {
                    /**
                     * @description The request's id in the bridge's log: the one it came with, else a new one.
                     * @example 3f0c7a52-52f4-4bd8-8a6e-0f6f5d1f9b11
                     */
                    "X-Request-Id": string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "bearer": "w3Jv9QdX1rT6yB0nK4mZ8sLcF2hPgA5uVeR7iOqYxEo",
                     *       "expiresAt": "2026-01-31T20:00:00.000Z"
                     *     }
                     */
                    "application/json": components["schemas"]["SignIn"];
                };
            };
            /** @description `malformed`: The request could not be understood. */
            400: {
                headers: {
                    /**
                     * @description The request's id in the bridge's log: the one it came with, else a new one.
                     * @example 3f0c7a52-52f4-4bd8-8a6e-0f6f5d1f9b11
                     */
                    "X-Request-Id": string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {string} */
                        code: "malformed";
                    };
                };
            };
            /** @description `unauthenticated`: It is not known who asks. */
            401: {
                headers: {
                    /**
                     * @description How to say who asks.
                     * @example Bearer
                     */
                    "WWW-Authenticate": string;
                    /**
                     * @description The request's id in the bridge's log: the one it came with, else a new one.
                     * @example 3f0c7a52-52f4-4bd8-8a6e-0f6f5d1f9b11
                     */
                    "X-Request-Id": string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {string} */
                        code: "unauthenticated";
                    };
                };
            };
            /** @description `not-found`: There is no such thing here. */
            404: {
                headers: {
                    /**
                     * @description The request's id in the bridge's log: the one it came with, else a new one.
                     * @example 3f0c7a52-52f4-4bd8-8a6e-0f6f5d1f9b11
                     */
                    "X-Request-Id": string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {string} */
                        code: "not-found";
                    };
                };
            };
            /** @description `too-large`: The request body is too large. */
            413: {
                headers: {
                    /**
                     * @description The request's id in the bridge's log: the one it came with, else a new one.
                     * @example 3f0c7a52-52f4-4bd8-8a6e-0f6f5d1f9b11
                     */
                    "X-Request-Id": string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {string} */
                        code: "too-large";
                    };
                };
            };
            /** @description `unsupported-media-type`: The request body has the wrong content type. */
            415: {
                headers: {
                    /**
                     * @description The request's id in the bridge's log: the one it came with, else a new one.
                     * @example 3f0c7a52-52f4-4bd8-8a6e-0f6f5d1f9b11
                     */
                    "X-Request-Id": string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {string} */
                        code: "unsupported-media-type";
                    };
                };
            };
            /** @description `rate-limited`: Too many requests. */
            429: {
                headers: {
                    /**
                     * @description In how many seconds to try again.
                     * @example 2
                     */
                    "Retry-After": string;
                    /**
                     * @description The request's id in the bridge's log: the one it came with, else a new one.
                     * @example 3f0c7a52-52f4-4bd8-8a6e-0f6f5d1f9b11
                     */
                    "X-Request-Id": string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {string} */
                        code: "rate-limited";
                    };
                };
            };
            /** @description `internal-error`: The bridge failed. */
            500: {
                headers: {
                    /**
                     * @description The request's id in the bridge's log: the one it came with, else a new one.
                     * @example 3f0c7a52-52f4-4bd8-8a6e-0f6f5d1f9b11
                     */
                    "X-Request-Id": string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {string} */
                        code: "internal-error";
                    };
                };
            };
            /** @description `issuer-unavailable`: Whoever vouches for people is not reachable. `store-unavailable`: The database is not reachable. */
            503: {
                headers: {
                    /**
                     * @description In how many seconds to try again.
                     * @example 2
                     */
                    "Retry-After": string;
                    /**
                     * @description The request's id in the bridge's log: the one it came with, else a new one.
                     * @example 3f0c7a52-52f4-4bd8-8a6e-0f6f5d1f9b11
                     */
                    "X-Request-Id": string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {string} */
                        code: "issuer-unavailable" | "store-unavailable";
                    };
                };
            };
        };
    };
    endSignIn: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description No session is open by this bearer. */
            204: {
                headers: {
                    /**
                     * @description The request's id in the bridge's log: the one it came with, else a new one.
                     * @example 3f0c7a52-52f4-4bd8-8a6e-0f6f5d1f9b11
                     */
                    "X-Request-Id": string;
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description `unauthenticated`: It is not known who asks. */
            401: {
                headers: {
                    /**
                     * @description How to say who asks.
                     * @example Bearer
                     */
                    "WWW-Authenticate": string;
                    /**
                     * @description The request's id in the bridge's log: the one it came with, else a new one.
                     * @example 3f0c7a52-52f4-4bd8-8a6e-0f6f5d1f9b11
                     */
                    "X-Request-Id": string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {string} */
                        code: "unauthenticated";
                    };
                };
            };
            /** @description `rate-limited`: Too many requests. */
            429: {
                headers: {
                    /**
                     * @description In how many seconds to try again.
                     * @example 2
                     */
                    "Retry-After": string;
                    /**
                     * @description The request's id in the bridge's log: the one it came with, else a new one.
                     * @example 3f0c7a52-52f4-4bd8-8a6e-0f6f5d1f9b11
                     */
                    "X-Request-Id": string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {string} */
                        code: "rate-limited";
                    };
                };
            };
            /** @description `issuer-unavailable`: Whoever vouches for people is not reachable. */
            503: {
                headers: {
                    /**
                     * @description In how many seconds to try again.
                     * @example 2
                     */
                    "Retry-After": string;
                    /**
                     * @description The request's id in the bridge's log: the one it came with, else a new one.
                     * @example 3f0c7a52-52f4-4bd8-8a6e-0f6f5d1f9b11
                     */
                    "X-Request-Id": string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {string} */
                        code: "issuer-unavailable";
                    };
                };
            };
        };
    };
    getSignInWays: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The ways. */
            200: {
                headers: {
                    /**
                     * @description The request's id in the bridge's log: the one it came with, else a new one.
                     * @example 3f0c7a52-52f4-4bd8-8a6e-0f6f5d1f9b11
                     */
                    "X-Request-Id": string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "oidc": {
                     *         "issuer": "login.farm.example"
                     *       }
                     *     }
                     */
                    "application/json": components["schemas"]["SignInWays"];
                };
            };
        };
    };
    startOidcAuthorization: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "redirectUri": "https://feeders.farm.example/",
                 *       "state": "b7pQ0cQ2Zr1yX3nE",
                 *       "codeChallenge": "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM"
                 *     }
                 */
                "application/json": components["schemas"]["OidcAuthorizationRequest"];
            };
        };
        responses: {
            /** @description Where to send the user. */
            200: {
                headers: {
                    /**
                     * @description The request's id in the bridge's log: the one it came with, else a new one.
                     * @example 3f0c7a52-52f4-4bd8-8a6e-0f6f5d1f9b11
                     */
                    "X-Request-Id": string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "url": "https://login.farm.example/authorize?response_type=code&client_id=feederbridge-page&redirect_uri=https%3A%2F%2Ffeeders.farm.example%2F&scope=openid+profile&state=b7pQ0cQ2Zr1yX3nE&code_challenge=E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM&code_challenge_method=S256"
                     *     }
                     */
                    "application/json": components["schemas"]["OidcAuthorization"];
                };
            };
            /** @description `malformed`: The request could not be understood. */
            400: {
                headers: {
                    /**
                     * @description The request's id in the bridge's log: the one it came with, else a new one.
                     * @example 3f0c7a52-52f4-4bd8-8a6e-0f6f5d1f9b11
                     */
                    "X-Request-Id": string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {string} */
                        code: "malformed";
                    };
                };
            };
            /** @description `not-found`: There is no such thing here. */
            404: {
                headers: {
                    /**
                     * @description The request's id in the bridge's log: the one it came with, else a new one.
                     * @example 3f0c7a52-52f4-4bd8-8a6e-0f6f5d1f9b11
                     */
                    "X-Request-Id": string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {string} */
                        code: "not-found";
                    };
                };
            };
            /** @description `too-large`: The request body is too large. */
            413: {
                headers: {
                    /**
                     * @description The request's id in the bridge's log: the one it came with, else a new one.
                     * @example 3f0c7a52-52f4-4bd8-8a6e-0f6f5d1f9b11
                     */
                    "X-Request-Id": string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {string} */
                        code: "too-large";
                    };
                };
            };
            /** @description `unsupported-media-type`: The request body has the wrong content type. */
            415: {
                headers: {
                    /**
                     * @description The request's id in the bridge's log: the one it came with, else a new one.
                     * @example 3f0c7a52-52f4-4bd8-8a6e-0f6f5d1f9b11
                     */
                    "X-Request-Id": string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {string} */
                        code: "unsupported-media-type";
                    };
                };
            };
            /** @description `issuer-unavailable`: Whoever vouches for people is not reachable. */
            503: {
                headers: {
                    /**
                     * @description In how many seconds to try again.
                     * @example 2
                     */
                    "Retry-After": string;
                    /**
                     * @description The request's id in the bridge's log: the one it came with, else a new one.
                     * @example 3f0c7a52-52f4-4bd8-8a6e-0f6f5d1f9b11
                     */
                    "X-Request-Id": string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {string} */
                        code: "issuer-unavailable";
                    };
                };
            };
        };
    };
    listSiteLogins: {
        parameters: {
            query?: {
                /** @description How many items a page holds at most. */
                limit?: number;
                /** @description The `nextCursor` of the page before. */
                cursor?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description One page of site logins. */
            200: {
                headers: {
                    /**
                     * @description The request's id in the bridge's log: the one it came with, else a new one.
                     * @example 3f0c7a52-52f4-4bd8-8a6e-0f6f5d1f9b11
                     */
                    "X-Request-Id": string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "items": [
                     *         {
                     *           "siteLoginId": "5b1f0c9e-3c55-4b44-9a39-6f0b0e8f5d21",
                     *           "site": "north-farm",
                     *           "name": "Kari's laptop",
                     *           "username": "north-farm_7c1e09ab",
                     *           "expiresAt": "2026-06-30T16:00:00.000Z",
                     *           "createdAt": "2026-01-31T08:00:00.000Z"
                     *         }
                     *       ]
                     *     }
                     */
                    "application/json": components["schemas"]["SiteLoginPage"];
                };
            };
            /** @description `malformed`: The request could not be understood. */
            400: {
                headers: {
                    /**
                     * @description The request's id in the bridge's log: the one it came with, else a new one.
                     * @example 3f0c7a52-52f4-4bd8-8a6e-0f6f5d1f9b11
                     */
                    "X-Request-Id": string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {string} */
                        code: "malformed";
                    };
                };
            };
            /** @description `unauthenticated`: It is not known who asks. */
            401: {
                headers: {
                    /**
                     * @description How to say who asks.
                     * @example Bearer
                     */
                    "WWW-Authenticate": string;
                    /**
                     * @description The request's id in the bridge's log: the one it came with, else a new one.
                     * @example 3f0c7a52-52f4-4bd8-8a6e-0f6f5d1f9b11
                     */
                    "X-Request-Id": string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {string} */
                        code: "unauthenticated";
                    };
                };
            };
            /** @description `forbidden`: This key may not do that. */
            403: {
                headers: {
                    /**
                     * @description The request's id in the bridge's log: the one it came with, else a new one.
                     * @example 3f0c7a52-52f4-4bd8-8a6e-0f6f5d1f9b11
                     */
                    "X-Request-Id": string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {string} */
                        code: "forbidden";
                    };
                };
            };
            /** @description `rate-limited`: Too many requests. */
            429: {
                headers: {
                    /**
                     * @description In how many seconds to try again.
                     * @example 2
                     */
                    "Retry-After": string;
                    /**
                     * @description The request's id in the bridge's log: the one it came with, else a new one.
                     * @example 3f0c7a52-52f4-4bd8-8a6e-0f6f5d1f9b11
                     */
                    "X-Request-Id": string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {string} */
                        code: "rate-limited";
                    };
                };
            };
            /** @description `issuer-unavailable`: Whoever vouches for people is not reachable. */
            503: {
                headers: {
                    /**
                     * @description In how many seconds to try again.
                     * @example 2
                     */
                    "Retry-After": string;
                    /**
                     * @description The request's id in the bridge's log: the one it came with, else a new one.
                     * @example 3f0c7a52-52f4-4bd8-8a6e-0f6f5d1f9b11
                     */
                    "X-Request-Id": string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {string} */
                        code: "issuer-unavailable";
                    };
                };
            };
        };
    };
    makeSiteLogin: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "site": "north-farm",
                 *       "name": "Kari's laptop",
                 *       "expiresAt": "2026-06-30T16:00:00.000Z"
                 *     }
                 */
                "application/json": components["schemas"]["SiteLoginRequest"];
            };
        };
        responses: {
            /** @description The site login, with its password. */
            201: {
                headers: {
                    /**
                     * @description The request's id in the bridge's log: the one it came with, else a new one.
                     * @example 3f0c7a52-52f4-4bd8-8a6e-0f6f5d1f9b11
                     */
                    "X-Request-Id": string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "siteLoginId": "5b1f0c9e-3c55-4b44-9a39-6f0b0e8f5d21",
                     *       "site": "north-farm",
                     *       "name": "Kari's laptop",
                     *       "username": "north-farm_7c1e09ab",
                     *       "expiresAt": "2026-06-30T16:00:00.000Z",
                     *       "createdAt": "2026-01-31T08:00:00.000Z",
                     *       "password": "Uq3mJ0c5o1vY2wq8s7dZkX4nE6tB9hLrPaGfViWjMxA"
                     *     }
                     */
                    "application/json": components["schemas"]["NewSiteLogin"];
                };
            };
            /** @description `malformed`: The request could not be understood. */
            400: {
                headers: {
                    /**
                     * @description The request's id in the bridge's log: the one it came with, else a new one.
                     * @example 3f0c7a52-52f4-4bd8-8a6e-0f6f5d1f9b11
                     */
                    "X-Request-Id": string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {string} */
                        code: "malformed";
                    };
                };
            };
            /** @description `unauthenticated`: It is not known who asks. */
            401: {
                headers: {
                    /**
                     * @description How to say who asks.
                     * @example Bearer
                     */
                    "WWW-Authenticate": string;
                    /**
                     * @description The request's id in the bridge's log: the one it came with, else a new one.
                     * @example 3f0c7a52-52f4-4bd8-8a6e-0f6f5d1f9b11
                     */
                    "X-Request-Id": string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {string} */
                        code: "unauthenticated";
                    };
                };
            };
            /** @description `forbidden`: This key may not do that. */
            403: {
                headers: {
                    /**
                     * @description The request's id in the bridge's log: the one it came with, else a new one.
                     * @example 3f0c7a52-52f4-4bd8-8a6e-0f6f5d1f9b11
                     */
                    "X-Request-Id": string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {string} */
                        code: "forbidden";
                    };
                };
            };
            /** @description `too-large`: The request body is too large. */
            413: {
                headers: {
                    /**
                     * @description The request's id in the bridge's log: the one it came with, else a new one.
                     * @example 3f0c7a52-52f4-4bd8-8a6e-0f6f5d1f9b11
                     */
                    "X-Request-Id": string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {string} */
                        code: "too-large";
                    };
                };
            };
            /** @description `unsupported-media-type`: The request body has the wrong content type. */
            415: {
                headers: {
                    /**
                     * @description The request's id in the bridge's log: the one it came with, else a new one.
                     * @example 3f0c7a52-52f4-4bd8-8a6e-0f6f5d1f9b11
                     */
                    "X-Request-Id": string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {string} */
                        code: "unsupported-media-type";
                    };
                };
            };
            /** @description `rate-limited`: Too many requests. */
            429: {
                headers: {
                    /**
                     * @description In how many seconds to try again.
                     * @example 2
                     */
                    "Retry-After": string;
                    /**
                     * @description The request's id in the bridge's log: the one it came with, else a new one.
                     * @example 3f0c7a52-52f4-4bd8-8a6e-0f6f5d1f9b11
                     */
                    "X-Request-Id": string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {string} */
                        code: "rate-limited";
                    };
                };
            };
            /** @description `internal-error`: The bridge failed. */
            500: {
                headers: {
                    /**
                     * @description The request's id in the bridge's log: the one it came with, else a new one.
                     * @example 3f0c7a52-52f4-4bd8-8a6e-0f6f5d1f9b11
                     */
                    "X-Request-Id": string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {string} */
                        code: "internal-error";
                    };
                };
            };
            /** @description `issuer-unavailable`: Whoever vouches for people is not reachable. `store-unavailable`: The database is not reachable. */
            503: {
                headers: {
                    /**
                     * @description In how many seconds to try again.
                     * @example 2
                     */
                    "Retry-After": string;
                    /**
                     * @description The request's id in the bridge's log: the one it came with, else a new one.
                     * @example 3f0c7a52-52f4-4bd8-8a6e-0f6f5d1f9b11
                     */
                    "X-Request-Id": string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {string} */
                        code: "issuer-unavailable" | "store-unavailable";
                    };
                };
            };
        };
    };
    removeSiteLogin: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description The id of a site login.
                 * @example 5b0c9a1e-3a65-4f0e-8f57-7c86a4b1d9f2
                 */
                siteLoginId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description It is removed. */
            204: {
                headers: {
                    /**
                     * @description The request's id in the bridge's log: the one it came with, else a new one.
                     * @example 3f0c7a52-52f4-4bd8-8a6e-0f6f5d1f9b11
                     */
                    "X-Request-Id": string;
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description `malformed`: The request could not be understood. */
            400: {
                headers: {
                    /**
                     * @description The request's id in the bridge's log: the one it came with, else a new one.
                     * @example 3f0c7a52-52f4-4bd8-8a6e-0f6f5d1f9b11
                     */
                    "X-Request-Id": string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {string} */
                        code: "malformed";
                    };
                };
            };
            /** @description `unauthenticated`: It is not known who asks. */
            401: {
                headers: {
                    /**
                     * @description How to say who asks.
                     * @example Bearer
                     */
                    "WWW-Authenticate": string;
                    /**
                     * @description The request's id in the bridge's log: the one it came with, else a new one.
                     * @example 3f0c7a52-52f4-4bd8-8a6e-0f6f5d1f9b11
                     */
                    "X-Request-Id": string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {string} */
                        code: "unauthenticated";
                    };
                };
            };
            /** @description `forbidden`: This key may not do that. */
            403: {
                headers: {
                    /**
                     * @description The request's id in the bridge's log: the one it came with, else a new one.
                     * @example 3f0c7a52-52f4-4bd8-8a6e-0f6f5d1f9b11
                     */
                    "X-Request-Id": string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {string} */
                        code: "forbidden";
                    };
                };
            };
            /** @description `not-found`: There is no such thing here. */
            404: {
                headers: {
                    /**
                     * @description The request's id in the bridge's log: the one it came with, else a new one.
                     * @example 3f0c7a52-52f4-4bd8-8a6e-0f6f5d1f9b11
                     */
                    "X-Request-Id": string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {string} */
                        code: "not-found";
                    };
                };
            };
            /** @description `rate-limited`: Too many requests. */
            429: {
                headers: {
                    /**
                     * @description In how many seconds to try again.
                     * @example 2
                     */
                    "Retry-After": string;
                    /**
                     * @description The request's id in the bridge's log: the one it came with, else a new one.
                     * @example 3f0c7a52-52f4-4bd8-8a6e-0f6f5d1f9b11
                     */
                    "X-Request-Id": string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {string} */
                        code: "rate-limited";
                    };
                };
            };
            /** @description `internal-error`: The bridge failed. */
            500: {
                headers: {
                    /**
                     * @description The request's id in the bridge's log: the one it came with, else a new one.
                     * @example 3f0c7a52-52f4-4bd8-8a6e-0f6f5d1f9b11
                     */
                    "X-Request-Id": string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {string} */
                        code: "internal-error";
                    };
                };
            };
            /** @description `issuer-unavailable`: Whoever vouches for people is not reachable. `store-unavailable`: The database is not reachable. */
            503: {
                headers: {
                    /**
                     * @description In how many seconds to try again.
                     * @example 2
                     */
                    "Retry-After": string;
                    /**
                     * @description The request's id in the bridge's log: the one it came with, else a new one.
                     * @example 3f0c7a52-52f4-4bd8-8a6e-0f6f5d1f9b11
                     */
                    "X-Request-Id": string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {string} */
                        code: "issuer-unavailable" | "store-unavailable";
                    };
                };
            };
        };
    };
}
