import {Entity as Entity_, Column as Column_, PrimaryColumn as PrimaryColumn_, Index as Index_, IntColumn as IntColumn_, BytesColumn as BytesColumn_, StringColumn as StringColumn_, BigIntColumn as BigIntColumn_} from "@subsquid/typeorm-store"

/**
 * The endpoint of a validator, until it registers another one. Projection `caster_validators` (platform log).
 */
@Index_(["netuid", "hotkey", "validFrom", "fromSeq"], {unique: false})
@Index_(["netuid", "validFrom", "fromSeq"], {unique: false})
@Entity_()
export class CasterValidator {
    constructor(props?: Partial<CasterValidator>) {
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

    @BytesColumn_({nullable: false})
    hotkey!: Uint8Array

    @IntColumn_({nullable: false})
    uid!: number

    @StringColumn_({nullable: false})
    baseUrl!: string

    /**
     * ms since the Unix epoch
     */
    @BigIntColumn_({nullable: false})
    firstRegisteredAt!: bigint

    /**
     * ms since the Unix epoch
     */
    @BigIntColumn_({nullable: false})
    registeredAt!: bigint

    /**
     * why the row ended
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
