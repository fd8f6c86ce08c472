import {Entity as Entity_, Column as Column_, PrimaryColumn as PrimaryColumn_, Index as Index_, IntColumn as IntColumn_, BytesColumn as BytesColumn_, StringColumn as StringColumn_, BigIntColumn as BigIntColumn_} from "@subsquid/typeorm-store"

/**
 * A leaf of an epoch: one a hotkey. Projection `autoresearch_epochs` (platform log).
 */
@Index_(["netuid", "epoch"], {unique: false})
@Index_(["netuid", "hotkey"], {unique: false})
@Index_(["netuid", "validFrom", "fromSeq"], {unique: false})
@Entity_()
export class AutoresearchClaimEntry {
    constructor(props?: Partial<AutoresearchClaimEntry>) {
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

    @IntColumn_({nullable: false})
    epoch!: number

    @IntColumn_({nullable: false})
    leafIndex!: number

    @BytesColumn_({nullable: false})
    hotkey!: Uint8Array

    @StringColumn_({nullable: false})
    recipient!: string

    @BigIntColumn_({nullable: false})
    cumulative!: bigint

    @BigIntColumn_({nullable: false})
    increment!: bigint

    @IntColumn_({nullable: false})
    validFrom!: number

    @IntColumn_({nullable: true})
    validTo!: number | undefined | null

    @IntColumn_({nullable: false})
    fromSeq!: number

    @IntColumn_({nullable: true})
    toSeq!: number | undefined | null
}
