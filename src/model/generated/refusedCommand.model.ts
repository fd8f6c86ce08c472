import {Entity as Entity_, Column as Column_, PrimaryColumn as PrimaryColumn_, Index as Index_, IntColumn as IntColumn_, StringColumn as StringColumn_, BytesColumn as BytesColumn_, BigIntColumn as BigIntColumn_} from "@subsquid/typeorm-store"

/**
 * A command that was refused, and why. Projection `refusals` (platform log).
 */
@Index_(["netuid", "validFrom", "fromSeq"], {unique: false})
@Index_(["netuid", "subject", "validFrom", "fromSeq"], {unique: false})
@Index_(["netuid", "actor", "validFrom", "fromSeq"], {unique: false})
@Entity_()
export class RefusedCommand {
    constructor(props?: Partial<RefusedCommand>) {
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
    system!: string

    @StringColumn_({nullable: false})
    command!: string

    /**
     * stable reason code
     */
    @StringColumn_({nullable: false})
    code!: string

    /**
     * HTTP status
     */
    @IntColumn_({nullable: false})
    status!: number

    @StringColumn_({nullable: false})
    reason!: string

    /**
     * what it was about; null: nothing was named
     */
    @StringColumn_({nullable: true})
    subject!: string | undefined | null

    /**
     * SHA-256 (hex) over the signed bytes or body
     */
    @StringColumn_({nullable: true})
    requestHash!: string | undefined | null

    @BytesColumn_({nullable: true})
    actor!: Uint8Array | undefined | null

    /**
     * ms since the Unix epoch, by the platform's clock
     */
    @BigIntColumn_({nullable: false})
    refusedAt!: bigint

    @IntColumn_({nullable: false})
    validFrom!: number

    @IntColumn_({nullable: true})
    validTo!: number | undefined | null

    @IntColumn_({nullable: false})
    fromSeq!: number

    @IntColumn_({nullable: true})
    toSeq!: number | undefined | null
}
