import {Entity as Entity_, Column as Column_, PrimaryColumn as PrimaryColumn_, Index as Index_, IntColumn as IntColumn_, BytesColumn as BytesColumn_, StringColumn as StringColumn_, BigIntColumn as BigIntColumn_, DateTimeColumn as DateTimeColumn_} from "@subsquid/typeorm-store"

/**
 * Weight vector of one uid and mechanism while it stands. The vector itself (uids, hotkeys at that block, raw, u16) is the one in the event setSeq. Projection `weight_sets`.
 */
@Index_(["uid", "netuid", "mechanism", "validFrom", "fromSeq"], {unique: false})
@Index_(["hotkey", "netuid", "validFrom", "fromSeq"], {unique: false})
@Index_(["netuid", "validFrom", "fromSeq"], {unique: false})
@Entity_()
export class WeightSet {
    constructor(props?: Partial<WeightSet>) {
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

    /**
     * storage index div 4096
     */
    @IntColumn_({nullable: false})
    mechanism!: number

    /**
     * of the validator; follows trims
     */
    @IntColumn_({nullable: false})
    uid!: number

    /**
     * of the validator; follows swaps; null: not known
     */
    @BytesColumn_({nullable: true})
    hotkey!: Uint8Array | undefined | null

    /**
     * set | batch | reveal | crv3 | timelocked | unknown
     */
    @StringColumn_({nullable: false})
    source!: string

    /**
     * call: the call's arguments; storage: Weights(index, uid) at that block; unavailable: the vector is empty
     */
    @StringColumn_({nullable: false})
    valuesFrom!: string

    @BigIntColumn_({nullable: true})
    versionKey!: bigint | undefined | null

    /**
     * event that set the vector, and tells it (fromSeq differs when the row continues after a swap or trim)
     */
    @IntColumn_({nullable: false})
    setHeight!: number

    @IntColumn_({nullable: false})
    setSeq!: number

    @IntColumn_({nullable: true})
    extrinsicIndex!: number | undefined | null

    @IntColumn_({nullable: true})
    eventIndex!: number | undefined | null

    @BytesColumn_({nullable: false})
    blockHash!: Uint8Array

    @DateTimeColumn_({nullable: false})
    blockTime!: Date

    /**
     * superseded | tenure-ended | swapped | moved | dissolved
     */
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
