import {Entity as Entity_, Column as Column_, PrimaryColumn as PrimaryColumn_, Index as Index_, IntColumn as IntColumn_, StringColumn as StringColumn_, BytesColumn as BytesColumn_, BigIntColumn as BigIntColumn_} from "@subsquid/typeorm-store"

/**
 * A connection of a validator or screener. Projection `bitrecs_sessions`.
 */
@Index_(["netuid", "validFrom", "fromSeq", "ordinal"], {unique: false})
@Index_(["netuid", "sessionId", "validFrom", "fromSeq"], {unique: false})
@Entity_()
export class BitrecsSession {
    constructor(props?: Partial<BitrecsSession>) {
        Object.assign(this, props)
    }

    @PrimaryColumn_()
    id!: string

    @IntColumn_({nullable: false})
    netuid!: number

    @IntColumn_({nullable: false})
    subnetInstance!: number

    @IntColumn_({nullable: false})
    ordinal!: number

    @StringColumn_({nullable: false})
    sessionId!: string

    /**
     * validator | screener_1 | screener_2
     */
    @StringColumn_({nullable: false})
    kind!: string

    @StringColumn_({nullable: false})
    name!: string

    @BytesColumn_({nullable: true})
    hotkey!: Uint8Array | undefined | null

    @StringColumn_({nullable: false})
    commitHash!: string

    @BigIntColumn_({nullable: false})
    openedMs!: bigint

    @StringColumn_({nullable: true})
    endReason!: string | undefined | null

    @IntColumn_({nullable: false})
    validFrom!: number

    @IntColumn_({nullable: true})
    validTo!: number | undefined | null

    @IntColumn_({nullable: false})
    fromSeq!: number

    @IntColumn_({nullable: true})
    toSeq!: number | undefined | null
}
